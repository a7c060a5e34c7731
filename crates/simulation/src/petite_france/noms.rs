//! Names of people and of schools. First names common among those born around 2005, of all origins; family names
//! common in France and overseas; no real person is meant by their combination.

/// First names given to girls.
#[rustfmt::skip] // a list of names, not one a line
pub const PRENOMS_F: &[&str] = &[
    "Léa", "Emma", "Manon", "Chloé", "Camille", "Inès", "Sarah", "Jade", "Lola", "Anaïs", "Lucie", "Océane",
    "Marie", "Clara", "Mathilde", "Julie", "Eva", "Laura", "Lisa", "Pauline", "Louise", "Romane", "Juliette",
    "Charlotte", "Maëlys", "Célia", "Noémie", "Margaux", "Justine", "Alice", "Ambre", "Elisa", "Zoé", "Nina",
    "Lilou", "Morgane", "Agathe", "Jeanne", "Yasmine", "Lina", "Assia", "Imane", "Salma", "Nour", "Amina",
    "Fatou", "Aïssata", "Mariam", "Khadija", "Aya", "Maryam", "Lyna", "Sirine", "Rania", "Safia", "Kenza",
    "Myriam", "Solène", "Gwenaëlle", "Maïwenn", "Enora", "Nolwenn", "Elena", "Sofia", "Inaya", "Aurore",
    "Victoire", "Capucine", "Apolline", "Constance", "Diane", "Éléonore", "Flavie", "Garance", "Héloïse",
    "Iris", "Joséphine", "Salomé", "Violette", "Ophélie", "Coralie", "Elsa", "Estelle", "Fanny", "Gaëlle",
    "Laurine", "Marine", "Mélissa", "Mélanie", "Marion", "Perrine", "Rose", "Tiphaine", "Valentine", "Vanille",
    "Maeva", "Teva-Marie", "Hina", "Thi-Mai", "Linh",
];

/// First names given to boys.
#[rustfmt::skip] // a list of names, not one a line
pub const PRENOMS_M: &[&str] = &[
    "Lucas", "Théo", "Hugo", "Enzo", "Maxime", "Clément", "Mathis", "Nathan", "Thomas", "Louis", "Alexandre",
    "Léo", "Antoine", "Baptiste", "Quentin", "Tom", "Paul", "Romain", "Nicolas", "Valentin", "Axel", "Matteo",
    "Arthur", "Jules", "Raphaël", "Gabriel", "Adrien", "Mohamed", "Rayan", "Yanis", "Mehdi", "Ilyès", "Adam",
    "Sofiane", "Bilal", "Amine", "Ibrahim", "Mamadou", "Ousmane", "Moussa", "Abdoulaye", "Karim", "Samir",
    "Youssef", "Nassim", "Ismaël", "Evan", "Noah", "Ethan", "Dylan", "Kylian", "Killian", "Loïc", "Gwendal",
    "Titouan", "Malo", "Erwan", "Yann", "Tristan", "Victor", "Simon", "Samuel", "Benjamin", "Bastien",
    "Corentin", "Damien", "Dorian", "Florian", "Guillaume", "Julien", "Kevin", "Martin", "Matthieu", "Maël",
    "Gaspard", "Augustin", "Côme", "Oscar", "Marius", "Félix", "Rémi", "Robin", "Sacha", "Timothée", "Tanguy",
    "Ulysse", "William", "Xavier", "Zacharie", "Éliott", "Esteban", "Diego", "Tiago", "Gabin", "Manoa", "Teiki",
    "Loup", "Ferdinand", "Minh", "Rohan",
];

/// Family names.
#[rustfmt::skip] // a list of names, not one a line
pub const NOMS: &[&str] = &[
    "Martin", "Bernard", "Thomas", "Petit", "Robert", "Richard", "Durand", "Dubois", "Moreau", "Laurent",
    "Simon", "Michel", "Lefebvre", "Leroy", "Roux", "David", "Bertrand", "Morel", "Fournier", "Girard",
    "Bonnet", "Dupont", "Lambert", "Fontaine", "Rousseau", "Vincent", "Muller", "Lefevre", "Faure", "André",
    "Mercier", "Blanc", "Guérin", "Boyer", "Garnier", "Chevalier", "François", "Legrand", "Gauthier", "Garcia",
    "Perrin", "Robin", "Clément", "Morin", "Nicolas", "Henry", "Roussel", "Mathieu", "Gautier", "Masson",
    "Marchand", "Duval", "Denis", "Dumont", "Marie", "Lemaire", "Noël", "Meyer", "Dufour", "Meunier", "Brun",
    "Blanchard", "Giraud", "Joly", "Rivière", "Lucas", "Brunet", "Gaillard", "Barbier", "Arnaud", "Martinez",
    "Gérard", "Roche", "Renard", "Schmitt", "Roy", "Leroux", "Colin", "Vidal", "Caron", "Picard", "Roger",
    "Fabre", "Aubert", "Lemoine", "Renaud", "Dumas", "Lacroix", "Olivier", "Philippe", "Bourgeois", "Pierre",
    "Benoît", "Rey", "Leclerc", "Payet", "Rolland", "Leclercq", "Guillaume", "Lecomte", "Lopez", "Jean",
    "Dupuy", "Guillot", "Hubert", "Berger", "Carpentier", "Sanchez", "Dupuis", "Moulin", "Louis", "Deschamps",
    "Huet", "Vasseur", "Perez", "Boucher", "Fleury", "Royer", "Klein", "Jacquet", "Adam", "Paris", "Poirier",
    "Marty", "Aubry", "Guyot", "Carré", "Charles", "Renault", "Charpentier", "Ménard", "Maillard", "Baron",
    "Bertin", "Bailly", "Hervé", "Schneider", "Fernandez", "Le Gall", "Collet", "Léger", "Bouvier", "Julien",
    "Prévost", "Millet", "Perrot", "Daniel", "Le Roux", "Cousin", "Germain", "Breton", "Besson", "Langlois",
    "Rémy", "Le Goff", "Pelletier", "Lévêque", "Perrier", "Leblanc", "Barré", "Lebrun", "Marchal", "Weber",
    "Mallet", "Hamon", "Boulanger", "Jacob", "Monnier", "Michaud", "Rodriguez", "Guichard", "Gillet", "Étienne",
    "Grondin", "Poulain", "Tessier", "Chevallier", "Collin", "Chauvin", "Da Silva", "Bouchet", "Gay",
    "Lemaître", "Bénard", "Maréchal", "Humbert", "Reynaud", "Antoine", "Hoarau", "Perret", "Barthélemy",
    "Cordier", "Pichon", "Lejeune", "Gilbert", "Lamy", "Delaunay", "Pasquier", "Carlier", "Laporte", "Diallo",
    "Traoré", "Diarra", "Keita", "Camara", "Coulibaly", "Touré", "Cissé", "Konaté", "Sow", "Ndiaye", "Ba",
    "Benali", "Haddad", "Bouzid", "Saïdi", "Mansouri", "Belkacem", "Cherif", "Brahimi", "Amrani", "El Idrissi",
    "Bennani", "Alaoui", "Ziani", "Hamidi", "Rahmani", "Slimani", "Khelifi", "Meziane", "Toumi", "Ferhat",
    "Nguyen", "Tran", "Pham", "Le Van", "Huynh", "Chen", "Wang", "Li", "Zhang", "Singh", "Kaya", "Yilmaz",
    "Demir", "Öztürk", "Ferreira", "Pereira", "Rodrigues", "Dos Santos", "Gomes", "Lopes", "Fernandes",
    "Almeida", "Carvalho", "Ribeiro", "Rossi", "Ricci", "Bianchi", "Moretti", "Kowalski", "Nowak", "Wojcik",
    "Popescu", "Ionescu", "Ivanov", "Petrov", "Boyer-Lacaze", "Le Bihan", "Kerouanton", "Tanguy", "Guéguen",
    "Quéré", "Riou", "Cadiou", "Etcheverry", "Iriart", "Haristoy", "Casanova", "Colonna", "Paoli", "Santoni",
    "Vanhoutte", "Delattre", "Verhaeghe", "Deprez", "Wagner", "Schmidt", "Hoffmann", "Kieffer", "Zimmermann",
    "Boyer-Morin", "Céleste", "Narcisse", "Jean-Baptiste", "Ramassamy", "Virapoullé", "Ibouroi", "Attoumani",
    "Tehei", "Teriitahi", "Wamytan", "Joseph-Auguste", "Abel",
];

/// People whose names schools bear: any town may have such a school.
#[rustfmt::skip] // a list of names, not one a line
pub const PERSONNAGES: &[&str] = &[
    "Simone-Veil", "Marie-Curie", "Victor-Hugo", "Jean-Jaurès", "Louis-Pasteur", "Émilie-du-Châtelet",
    "Jules-Verne", "George-Sand", "Olympe-de-Gouges", "Aimé-Césaire", "Germaine-Tillion", "Joséphine-Baker",
    "Albert-Camus", "Blaise-Pascal", "Sophie-Germain", "Évariste-Galois", "Arthur-Rimbaud", "Louise-Michel",
    "Pierre-Brossolette", "Lucie-Aubrac", "Jean-Moulin", "Émile-Zola", "Colette", "Denis-Diderot", "Voltaire",
    "Jean-de-La-Fontaine", "Ambroise-Paré", "Irène-Joliot-Curie", "Frédéric-Chopin", "Camille-Claudel",
    "Berthe-Morisot", "Paul-Cézanne", "Claude-Monet", "Auguste-Rodin", "Gustave-Eiffel", "Pierre-de-Fermat",
    "Joseph-Fourier", "Augustin-Fresnel", "André-Marie-Ampère", "Henri-Poincaré", "Rosa-Parks",
    "Nelson-Mandela", "Anne-Frank", "Marguerite-Yourcenar", "Simone-de-Beauvoir", "Jean-Macé", "Jules-Ferry",
    "Condorcet", "Montesquieu", "Michel-de-Montaigne", "Molière", "Honoré-de-Balzac", "Gustave-Flaubert",
    "Charles-Baudelaire", "Paul-Éluard", "Louis-Aragon", "Elsa-Triolet", "Robert-Desnos", "Jacques-Prévert",
    "Antoine-de-Saint-Exupéry", "Hélène-Boucher", "Jean-Mermoz", "Roland-Garros", "Marcel-Pagnol",
    "Frédéric-Mistral", "Jean-Giono", "Alexandre-Dumas", "Madame-de-Staël", "Flora-Tristan", "Alice-Guy",
    "Georges-Méliès", "Louis-Lumière", "Niépce", "Denis-Papin", "Rosalind-Franklin", "Ada-Lovelace",
    "Alan-Turing", "Hedy-Lamarr", "Benoît-Mandelbrot", "Françoise-Dolto", "Claude-Bernard", "Xavier-Bichat",
    "Jean-Baptiste-Lamarck", "Olivier-de-Serres", "Parmentier", "Vauban", "Jacques-Cartier", "Surcouf",
    "Jeanne-Barret", "Toussaint-Louverture", "Gerty-Archimède", "Félix-Éboué", "Victor-Schœlcher",
    "Maryse-Bastié",
];

/// Saints and figures of private schools under contract.
#[rustfmt::skip] // a list of names, not one a line
pub const PATRONAGES: &[&str] = &[
    "Saint-Joseph", "Sainte-Marie", "Notre-Dame", "Saint-Louis", "Jeanne-d’Arc", "Saint-Michel", "Sainte-Anne",
    "La Providence", "Saint-Jean", "Saint-François-Xavier", "Sacré-Cœur", "Saint-Vincent-de-Paul",
    "Sainte-Thérèse", "Saint-Charles", "L’Assomption", "Saint-Pierre", "Sainte-Catherine", "Saint-Étienne",
];

/// Streets of invented addresses.
#[rustfmt::skip] // a list of names, not one a line
pub const VOIES: &[&str] = &[
    "rue de la République", "avenue Jean-Jaurès", "rue Victor-Hugo", "place de la Mairie", "rue des Écoles",
    "boulevard Gambetta", "rue du Moulin", "chemin des Vignes", "rue Pasteur", "allée des Tilleuls",
    "rue de la Gare", "avenue de la Libération", "rue du Stade", "impasse des Lilas", "rue des Acacias",
    "cours Foch", "quai du Port", "rue de l’Église", "avenue des Sports", "rue Neuve",
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn lists_are_long_and_without_repetition() {
        for (liste, minimum) in [
            (PRENOMS_F, 100),
            (PRENOMS_M, 100),
            (NOMS, 290),
            (PERSONNAGES, 90),
            (PATRONAGES, 18),
            (VOIES, 20),
        ] {
            assert!(liste.len() >= minimum, "{}", liste.len());
            let uniques: BTreeSet<_> = liste.iter().collect();
            assert_eq!(uniques.len(), liste.len(), "{:?}", liste.first());
        }
        let m: BTreeSet<_> = PRENOMS_M.iter().collect();
        assert!(PRENOMS_F.iter().all(|p| !m.contains(p)));
    }
}
