use crate::socle::Table;

pub fn routes() -> Table {
    Table::new()
}
