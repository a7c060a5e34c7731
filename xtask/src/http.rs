//! A small HTTP/1.1 client for the loopback. A generator of load shares the processor with what it measures: this one
//! does no more than write a request and read its answer.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// One keep-alive connection, its cookies, and the network it says to come from (as a declared proxy would).
pub struct Client {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
    pub cookies: BTreeMap<String, String>,
    pub network: String,
    /// A program's, instead of cookies.
    pub bearer: Option<String>,
}

#[derive(Default)]
pub struct Answer {
    pub status: u16,
    pub location: String,
    pub retry_after: u64,
    pub etag: String,
    /// Number of the receipt of an act.
    pub receipt: String,
    pub body: String,
}

impl Answer {
    /// The anti-CSRF token of the page.
    pub fn token(&self) -> Result<&str> {
        between(&self.body, "name=\"_jeton\" value=\"", "\"").context("the page has no form")
    }
}

/// The text between two marks.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let rest = &text[text.find(before)? + before.len()..];
    Some(&rest[..rest.find(after)?])
}

impl Client {
    pub fn new(address: SocketAddr, network: &str) -> Self {
        Self { address, stream: None, cookies: BTreeMap::new(), network: network.to_owned(), bearer: None }
    }

    pub fn get(&mut self, path: &str) -> Result<Answer> {
        self.send("GET", path, "")
    }

    pub fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Result<Answer> {
        let body: Vec<String> = pairs.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
        self.send("POST", path, &body.join("&"))
    }

    /// What a program sends: any method, headers of its own (name, value), a body of JSON or none.
    pub fn call(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Answer> {
        let body = body.map(Value::to_string);
        let mut head: String = headers.iter().map(|(n, v)| format!("{n}: {v}\r\n")).collect();
        if body.is_some() {
            head.push_str("Content-Type: application/json\r\n");
        }
        let body = body.unwrap_or_default();
        if method != "GET" {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        self.request(method, path, &format!("Accept: application/json\r\n{head}"), &body)
    }

    fn send(&mut self, method: &str, path: &str, body: &str) -> Result<Answer> {
        let form = if method == "POST" {
            format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", body.len())
        } else {
            String::new()
        };
        let head = format!("Accept: text/html\r\nSec-Fetch-Site: same-origin\r\n{form}");
        self.request(method, path, &head, body)
    }

    fn request(&mut self, method: &str, path: &str, head: &str, body: &str) -> Result<Answer> {
        let cookies: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let who = match &self.bearer {
            Some(token) => format!("Authorization: Bearer {token}"),
            None => format!("Cookie: {}", cookies.join("; ")),
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: xtask\r\nX-Forwarded-For: {}\r\n{who}\r\n\
             {head}\r\n{body}",
            self.network,
        );
        // A connection kept too long may be gone: once more, on a new one.
        if let Some(stream) = self.stream.take()
            && let Ok(answer) = self.exchange(stream, &request)
        {
            return Ok(answer);
        }
        let stream = TcpStream::connect(self.address).context("the server does not answer")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        self.exchange(BufReader::with_capacity(32 * 1024, stream), &request)
    }

    fn exchange(&mut self, mut stream: BufReader<TcpStream>, request: &str) -> Result<Answer> {
        stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            bail!("the connection was closed");
        }
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).context("not an HTTP answer")?;
        let mut answer = Answer { status, ..Answer::default() };
        let (mut length, mut chunked, mut kept) = (0_usize, false, true);
        loop {
            line.clear();
            stream.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse()?,
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                "connection" => kept = !value.eq_ignore_ascii_case("close"),
                "location" => value.clone_into(&mut answer.location),
                "retry-after" => answer.retry_after = value.parse().unwrap_or(0),
                "etag" => value.clone_into(&mut answer.etag),
                "recepisse" => value.clone_into(&mut answer.receipt),
                "set-cookie" => self.keep_cookie(value),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        while chunked {
            line.clear();
            stream.read_line(&mut line)?;
            let size = usize::from_str_radix(line.trim_end(), 16).context("not a chunk")?;
            let start = body.len();
            body.resize(start + size + 2, 0);
            stream.read_exact(&mut body[start..])?;
            body.truncate(start + size);
            chunked = size > 0;
        }
        answer.body = String::from_utf8_lossy(&body).into_owned();
        if kept {
            self.stream = Some(stream);
        }
        Ok(answer)
    }

    fn keep_cookie(&mut self, text: &str) {
        if let Some((name, value)) = text.split(';').next().and_then(|pair| pair.split_once('=')) {
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use serde_json::json;

    use super::*;

    #[test]
    fn answers_of_both_lengths_are_read_on_one_connection_and_cookies_come_back() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut stream = BufReader::new(stream);
            let mut heads = Vec::new();
            for answer in [
                "HTTP/1.1 422 X\r\nSet-Cookie: session=abc; Path=/\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 303 X\r\nLocation: /ici\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
                "HTTP/1.1 200 X\r\nETag: \"v2\"\r\nRecepisse: K7QX-2MWD-4FZR\r\nContent-Length: 2\r\n\r\n{}",
            ] {
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") {
                    stream.read_line(&mut head).unwrap();
                }
                let length: usize =
                    between(&head, "Content-Length: ", "\r\n").map_or(0, |n| n.parse().unwrap());
                let mut body = vec![0; length];
                stream.read_exact(&mut body).unwrap();
                heads.push(head + &String::from_utf8(body).unwrap());
                stream.get_mut().write_all(answer.as_bytes()).unwrap();
            }
            heads
        });
        let mut client = Client::new(address, "192.0.2.1");
        let first = client.post("/a", &[("nom", "é&=")]).unwrap();
        assert_eq!((first.status, first.body.as_str()), (422, "hello"));
        let second = client.get("/b").unwrap();
        assert_eq!((second.status, second.location.as_str(), second.body.as_str()), (303, "/ici", "abcde"));
        let third = client.call("PATCH", "/c", &[("If-Match", "\"v1\"")], Some(&json!({ "a": 1 }))).unwrap();
        assert_eq!((third.etag.as_str(), third.receipt.as_str()), ("\"v2\"", "K7QX-2MWD-4FZR"));
        let heads = server.join().unwrap();
        assert!(
            heads[0].contains("X-Forwarded-For: 192.0.2.1\r\n") && heads[0].ends_with("nom=%C3%A9%26%3D")
        );
        assert!(heads[1].contains("Cookie: session=abc\r\n"));
        assert!(heads[2].starts_with("PATCH /c ") && heads[2].contains("If-Match: \"v1\"\r\n"));
        assert!(heads[2].ends_with("{\"a\":1}"));
    }
}
