//! Dense numbers for the codes of a file: the engine works on positions, files on codes.

use std::collections::HashMap;

/// Codes in order of first appearance.
#[derive(Debug, Default)]
pub struct Codes {
    position: HashMap<i64, u32>,
    code: Vec<i64>,
}

impl Codes {
    /// The position of a code, new if need be.
    pub fn position(&mut self, code: i64) -> u32 {
        *self.position.entry(code).or_insert_with(|| {
            self.code.push(code);
            (self.code.len() - 1) as u32
        })
    }

    /// The position of a code already seen.
    pub fn find(&self, code: i64) -> Option<u32> {
        self.position.get(&code).copied()
    }

    /// The code at a position.
    pub fn code(&self, position: u32) -> i64 {
        self.code[position as usize]
    }

    /// How many codes.
    pub fn len(&self) -> usize {
        self.code.len()
    }
}
