//! The tools of a demonstration: personas, clock, outbox, components. The routes exist only there.

mod courriels;
mod outils;

use crate::components::vitrine;
use crate::socle::{Acces, Requete, Resultat, Table};

pub fn routes() -> Table {
    Table::new()
        .get("/dev", Acces::Demo, outils::page)
        .post("/dev/personas/{code}", Acces::Demo, outils::persona)
        .post("/dev/horloge", Acces::Demo, outils::horloge)
        .get("/dev/courriels", Acces::Demo, courriels::page)
        .get("/dev/composants", Acces::Demo, composants)
}

async fn composants(requete: Requete) -> Resultat {
    Ok(vitrine::composants(requete.page("Composants"), &requete.jeton(), requete.ctx.campagne_le))
}
