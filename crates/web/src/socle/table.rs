//! HAB-9: the route table. A route cannot be added without saying who may reach it.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use domain::droits::{Acteur, Action, scope};

use super::EtatWeb;
use super::erreur::ErreurNue;

/// Who may reach a route. The use case decides in the end; the walk over the table checks that both agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acces {
    /// Anybody; nothing personal.
    Public,
    /// A signed-in person, whatever the role: their own account.
    Compte,
    /// Those to whom the table of rights gives this action.
    Action(Action),
    /// A program, whose token allows this action; nobody else.
    Jeton(Action),
    /// Exists only in a demonstration.
    Demo,
    /// Machines of the operator: no person's data; `/metrics` answers only to the declared addresses.
    Exploitation,
}

impl Acces {
    /// Somebody who is not signed in is never shown it.
    fn is_reserve(self) -> bool {
        match self {
            Self::Compte => true,
            Self::Action(a) => scope(&Acteur::public(), a).is_err(),
            // Programs are told what they lack by the interface itself.
            Self::Public | Self::Jeton(_) | Self::Demo | Self::Exploitation => false,
        }
    }
}

/// Notes that the page is for people signed in: to the others, an object that does not exist is like one that does.
async fn reserve(mut reponse: Response) -> Response {
    if let Some(nue) = reponse.extensions_mut().get_mut::<ErreurNue>() {
        nue.reservee = true;
    }
    reponse
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ligne {
    pub methode: Method,
    pub chemin: &'static str,
    pub acces: Acces,
}

/// Router and table, built together.
#[derive(Default)]
pub struct Table {
    router: Router<EtatWeb>,
    lignes: Vec<Ligne>,
}

impl Table {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a page.
    #[must_use]
    pub fn get<H, T>(self, chemin: &'static str, acces: Acces, handler: H) -> Self
    where
        H: Handler<T, EtatWeb>,
        T: 'static,
    {
        self.ajoute(Method::GET, chemin, acces, on(MethodFilter::GET, handler))
    }

    /// Adds an act.
    #[must_use]
    pub fn post<H, T>(self, chemin: &'static str, acces: Acces, handler: H) -> Self
    where
        H: Handler<T, EtatWeb>,
        T: 'static,
    {
        self.ajoute(Method::POST, chemin, acces, on(MethodFilter::POST, handler))
    }

    fn ajoute(
        mut self,
        methode: Method,
        chemin: &'static str,
        acces: Acces,
        m: MethodRouter<EtatWeb>,
    ) -> Self {
        self.lignes.push(Ligne { methode, chemin, acces });
        let m = if acces.is_reserve() { m.layer(map_response(reserve)) } else { m };
        self.router = self.router.route(chemin, m);
        self
    }

    /// Adds the routes of a space.
    #[must_use]
    pub fn avec(mut self, autre: Self) -> Self {
        self.router = self.router.merge(autre.router);
        self.lignes.extend(autre.lignes);
        self
    }

    /// The router and its table.
    pub fn fin(self) -> (Router<EtatWeb>, Vec<Ligne>) {
        (self.router, self.lignes)
    }
}
