//! The dates of a person: what is open until when, what opens next.

use app::echeances::{Avancement, Date, MesDates};
use app::messages::{date_heure, date_heure_locale, date_limite, date_limite_locale};
use askama::Template;
use jiff::Timestamp;

use super::{Badge, Echeance, Markup, Ton};

/// A section of a home, from the calendar in force. What is over is left out.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<section aria-labelledby="mes-dates">
<h2 id="mes-dates">Ce qui est ouvert, et jusqu’à quand</h2>
{%- if lignes.is_empty() %}
<p>Toutes les étapes qui vous concernent sont closes.</p>
{%- else %}
<ul class="dates">
{%- for (titre, contenu) in lignes %}
  <li><strong>{{ titre }}</strong> {{ contenu }}</li>
{%- endfor %}
</ul>
{%- endif %}
{%- if agenda && !lignes.is_empty() %}
<p><a class="fr-link" href="/compte/agenda">Mettre ces dates dans mon agenda</a></p>
{%- endif %}
</section>"#
)]
pub struct Dates {
    lignes: Vec<(&'static str, Markup)>,
    agenda: bool,
}
composant!(Dates);

impl Dates {
    pub fn new(maintenant: Timestamp, mes: &MesDates) -> Self {
        let lignes = mes.dates.iter().filter(|d| d.avancement != Avancement::Close);
        Self {
            lignes: lignes.map(|d| (d.etape.libelle(), ligne(maintenant, mes, d))).collect(),
            agenda: true,
        }
    }

    /// Without the link to the page that it is on.
    #[must_use]
    pub fn sans_lien(mut self) -> Self {
        self.agenda = false;
        self
    }
}

fn ligne(maintenant: Timestamp, mes: &MesDates, d: &Date) -> Markup {
    let (badge, quand) = match d.avancement {
        Avancement::AVenir => (Badge::new(Ton::Info, "À venir"), Markup::new(AVenir::new(mes, d))),
        _ => {
            let echeance = Echeance::new(maintenant, d.fenetre.ferme).locales(mes.locales.iter().copied());
            (Badge::new(Ton::Succes, "Ouvert"), Markup::new(echeance))
        }
    };
    let badges = Markup::new(badge);
    let badges = if d.reportee { badges.et(Badge::new(Ton::Attention, "Date reportée")) } else { badges };
    badges.et(quand)
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<p class="echeance">{{ texte }}
{%- for ici in locales %} <span class="echeance__locale">{{ ici }}</span>{% endfor %}</p>"#
)]
struct AVenir {
    texte: String,
    locales: Vec<String>,
}
composant!(AVenir);

impl AVenir {
    fn new(mes: &MesDates, d: &Date) -> Self {
        let f = d.fenetre;
        Self {
            texte: format!("Du {} au {} (heure de Paris)", date_heure(f.ouvre), date_limite(f.ferme)),
            locales: mes
                .locales
                .iter()
                .map(|&ici| {
                    format!(
                        "soit du {} au {}",
                        date_heure_locale(f.ouvre, ici),
                        date_limite_locale(f.ferme, ici)
                    )
                })
                .collect(),
        }
    }
}
