//! HAB-9: the route table. A route cannot be added without saying who may reach it.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};
use domain::droits::Action;

use super::EtatWeb;

/// Who may reach a route. The use case decides in the end; the walk over the table checks that both agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acces {
    /// Anybody; nothing personal.
    Public,
    /// A signed-in person, whatever the role: their own account.
    Compte,
    /// Those to whom the table of rights gives this action.
    Action(Action),
    /// Exists only in a demonstration.
    Demo,
    /// Machines of the operator: no person's data; `/metrics` answers only to the declared addresses.
    Exploitation,
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
