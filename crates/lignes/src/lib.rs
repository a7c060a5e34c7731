//! `#[derive(FromLigne)]`: a struct read from a row, each field from the column of its name.

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Flux;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Error, Fields, parse_macro_input};

/// Reads each field from the column that has its name; `#[ligne(incluse)]` reads a struct from the same row.
#[proc_macro_derive(FromLigne, attributes(ligne))]
pub fn from_ligne(entree: TokenStream) -> TokenStream {
    let entree = parse_macro_input!(entree as DeriveInput);
    derive(&entree).unwrap_or_else(|e| e.to_compile_error()).into()
}

fn derive(entree: &DeriveInput) -> Result<Flux, Error> {
    let Data::Struct(s) = &entree.data else {
        return Err(Error::new_spanned(entree, "only a struct is read from a row"));
    };
    let Fields::Named(champs) = &s.fields else {
        return Err(Error::new_spanned(entree, "fields have the names of columns"));
    };
    let mut lus = Vec::new();
    // Most selects name their columns in the order of the fields: where to look first.
    let mut place = 0_usize;
    for champ in &champs.named {
        let nom = champ.ident.clone().unwrap_or_else(|| format_ident!("_"));
        let mut incluse = false;
        for attribut in champ.attrs.iter().filter(|a| a.path().is_ident("ligne")) {
            attribut.parse_nested_meta(|m| {
                incluse = m.path.is_ident("incluse");
                if incluse {
                    Ok(())
                } else {
                    Err(m.error("`incluse` is the one thing that can be said of a field"))
                }
            })?;
        }
        lus.push(if incluse {
            quote! { #nom: crate::ligne::FromLigne::from_ligne(ligne)? }
        } else {
            let colonne = nom.to_string();
            let colonne = colonne.trim_start_matches("r#");
            let lu = quote! { #nom: ligne.reads(#place, #colonne)? };
            place += 1;
            lu
        });
    }
    let nom = &entree.ident;
    Ok(quote! {
        impl crate::ligne::FromLigne for #nom {
            fn from_ligne(ligne: &crate::ligne::Ligne) -> ::std::result::Result<Self, ::sea_orm::DbErr> {
                ::std::result::Result::Ok(Self { #(#lus),* })
            }
        }
    })
}
