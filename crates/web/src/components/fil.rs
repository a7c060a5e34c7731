//! What people said one after the other, each dated and signed.

use askama::Template;

use super::Badge;

/// A message as it is shown.
#[derive(Clone, Debug)]
pub struct MessageFil {
    /// Name and role.
    pub auteur: String,
    pub quand: String,
    /// The instant, for machines.
    pub iso: String,
    pub badges: Vec<Badge>,
    pub paragraphes: Vec<String>,
    /// Written by the person who reads.
    pub de_moi: bool,
}

impl MessageFil {
    /// Paragraphs of a plain text.
    pub fn paragraphes(texte: &str) -> Vec<String> {
        texte.split('\n').filter(|t| !t.trim().is_empty()).map(str::to_owned).collect()
    }
}

/// The oldest first.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<ol class="fil">
{%- for m in messages %}
  <li class="fil__message{% if m.de_moi %} fil__message--moi{% endif %}">
    <p class="fil__entete"><strong>{{ m.auteur }}</strong> <time datetime="{{ m.iso }}">{{ m.quand }}</time>{% for badge in m.badges %} {{ badge }}{% endfor %}</p>
    {%- for p in m.paragraphes %}<p>{{ p }}</p>{% endfor %}
  </li>
{%- endfor %}
</ol>"#
)]
pub struct Fil {
    messages: Vec<MessageFil>,
}
composant!(Fil);

impl Fil {
    pub fn new(messages: Vec<MessageFil>) -> Self {
        Self { messages }
    }

    pub fn est_vide(&self) -> bool {
        self.messages.is_empty()
    }
}
