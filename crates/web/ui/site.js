// What a script adds; every page works without it.

const racine = document.documentElement;

// The design system's script starts by itself; it has nothing to say in the console.
window.dsfr = { mode: 'auto', production: true };

// The appearance chosen by cookie, on the server, is the only truth: the design system's script,
// which runs after this one, would rather read its own memory.
try {
  localStorage.setItem('scheme', racine.dataset.frScheme ?? 'system');
} catch {
  // Storage refused by the browser: its script then reads the attribute.
}

// A refused form is shown again: go to the list of faults, or to what says why a file is refused.
const fautes = document.getElementById('resume-erreurs') ?? document.getElementById('refus');
fautes?.focus();

// Come back to the button that was pressed, or to a line of a list: what is there takes the focus, a line by its first field.
const vise = !fautes && location.hash && document.getElementById(location.hash.slice(1));
if (vise) {
  const ligne = vise.closest('.ligne-saisie');
  const champ = ligne && !vise.matches('button, input, select, textarea') ? ligne.querySelector('input:not([type="hidden"]), select, textarea') : vise;
  const prend = () => champ?.matches('main :is(button, input, select, textarea)') && champ.focus();
  // Until the page is whole, the browser goes to the address's target itself, and takes the focus from what is in it.
  if (document.readyState === 'complete') prend();
  else addEventListener('load', () => setTimeout(prend));
}

// Sent once: a second click on a slow line does nothing. The idempotency key makes it harmless too.
document.addEventListener('submit', (evenement) => {
  const formulaire = evenement.target;
  if (formulaire.method !== 'post') return;
  if (formulaire.dataset.envoye) {
    evenement.preventDefault();
    return;
  }
  formulaire.dataset.envoye = 'oui';
});
// Back to a page kept whole by the browser: it can be sent again.
window.addEventListener('pageshow', () => {
  for (const formulaire of document.forms) delete formulaire.dataset.envoye;
});

// Show a password.
for (const groupe of document.querySelectorAll('[data-mot-de-passe]')) {
  const champ = groupe.querySelector('input');
  const bouton = document.createElement('button');
  bouton.type = 'button';
  bouton.className = 'fr-btn fr-btn--tertiary-no-outline fr-btn--sm mot-de-passe__voir';
  bouton.textContent = 'Afficher';
  bouton.setAttribute('aria-pressed', 'false');
  bouton.setAttribute('aria-label', 'Afficher le mot de passe');
  bouton.addEventListener('click', () => {
    const visible = champ.type === 'password';
    champ.type = visible ? 'text' : 'password';
    bouton.textContent = visible ? 'Masquer' : 'Afficher';
    bouton.setAttribute('aria-pressed', String(visible));
  });
  champ.after(bouton);
}

// Time left before a deadline, counted from what the server said: the visitor's clock may be wrong.
const restes = [...document.querySelectorAll('[data-secondes]')];
if (restes.length > 0) {
  const dit = (secondes) => {
    if (secondes <= 0) return 'c’est terminé';
    if (secondes < 60) return 'il reste moins d’une minute';
    const [n, un, plusieurs] =
      secondes < 7200 ? [Math.floor(secondes / 60), 'minute', 'minutes']
      : secondes < 172800 ? [Math.floor(secondes / 3600), 'heure', 'heures']
      : [Math.floor(secondes / 86400), 'jour', 'jours'];
    return `il\u00a0reste\u00a0${n}\u00a0${n > 1 ? plusieurs : un}`;
  };
  const depart = performance.now();
  setInterval(() => {
    for (const reste of restes) {
      const texte = dit(Number(reste.dataset.secondes) - (performance.now() - depart) / 1000);
      if (reste.textContent === texte) continue;
      // Announced when it changes, which is once a minute at most, and only near the end.
      reste.setAttribute('role', 'status');
      reste.textContent = texte;
    }
  }, 5000);
}

// A form kept while its sender confirmed who they are: it goes again by itself.
document.querySelector('form[data-rejoue]')?.requestSubmit();

// The session is about to end: said in time, held in one gesture. Opening any page holds it too.
const fin = document.querySelector('[data-fin-session]');
if (fin) {
  let prevu;
  let fermeture;
  // `totale`: the session has lasted as long as it may, and no gesture puts its end off.
  const programme = (secondes, totale) => {
    clearTimeout(prevu);
    clearTimeout(fermeture);
    fin.hidden = true;
    fin.replaceChildren();
    prevu = setTimeout(() => previent(totale), Math.max(0, secondes - Number(fin.dataset.avis)) * 1000);
    fermeture = setTimeout(() => affiche('Votre session est terminée. Un formulaire envoyé maintenant est gardé : reconnectez-vous pour le reprendre.'), secondes * 1000);
  };
  const affiche = (message) => {
    const texte = document.createElement('p');
    texte.setAttribute('role', 'alert');
    texte.textContent = message;
    fin.replaceChildren(texte);
    fin.hidden = false;
    return texte;
  };
  const previent = (totale) => {
    if (totale) {
      affiche('Votre session a atteint sa durée totale : elle se ferme bientôt, même si vous restez actif. Enregistrez votre saisie, puis reconnectez-vous.');
      return;
    }
    const texte = affiche('Sans action de votre part, votre session se ferme bientôt.');
    const bouton = document.createElement('button');
    bouton.type = 'button';
    bouton.className = 'fr-btn fr-btn--sm';
    bouton.textContent = 'Rester connecté';
    bouton.addEventListener('click', async () => {
      try {
        const reponse = await fetch(fin.dataset.url, {
          method: 'POST',
          redirect: 'manual',
          body: new URLSearchParams({ _jeton: fin.dataset.jeton }),
        });
        if (!reponse.ok) throw new Error('session');
        const { secondes, totale } = await reponse.json();
        programme(secondes, totale);
      } catch {
        texte.textContent = 'Votre session n’a pas pu être prolongée : copiez votre saisie, puis reconnectez-vous.';
      }
    });
    fin.append(bouton);
  };
  programme(Number(fin.dataset.finSession), 'totale' in fin.dataset);
}

// Print a guide: a button that only a script can offer; the browser's own command prints the same.
for (const zone of document.querySelectorAll('[data-imprimer]')) {
  zone.hidden = false;
  zone.querySelector('button').addEventListener('click', () => window.print());
}

// What the public will read, and what the reading of a grid finds, follow what is typed: the same page, asked for without saving.
const RELIRE_MS = 1500;
const RELIRE_ECART_MS = 3000;
for (const saisie of document.querySelectorAll('form[data-relecture]')) {
  const dit = document.createElement('p');
  dit.className = 'fr-sr-only';
  dit.setAttribute('role', 'status');
  saisie.append(dit);
  let attente = 0;
  let derniere = 0;
  let envoyee = -RELIRE_ECART_MS;
  const lu = (zone) => `${zone.textContent} ${[...zone.querySelectorAll('img')].map((image) => image.src).join(' ')}`;
  // What the visitor is in stays where it is; what is to be compared with what is typed stays as it is stored.
  const remplace = (page, id) => {
    const ici = document.getElementById(id);
    const neuf = page.getElementById(id);
    if (!ici || !neuf || ici.matches('[data-fige]') || ici.contains(document.activeElement)) return false;
    // Said by the status line of the form.
    neuf.querySelector('.previsualisation__a-jour')?.remove();
    if (lu(ici) === lu(neuf)) return false;
    const deplie = ici.querySelector('details')?.open;
    ici.replaceChildren(...neuf.childNodes);
    if (deplie) ici.querySelector('details')?.setAttribute('open', '');
    return true;
  };
  const relit = async () => {
    derniere += 1;
    const celle = derniere;
    envoyee = performance.now();
    const donnees = new FormData(saisie);
    for (const [nom, valeur] of [...donnees]) if (typeof valeur !== 'string') donnees.delete(nom);
    const corps = new URLSearchParams(donnees);
    corps.set('acte', 'relire');
    const reponse = await fetch(saisie.action, { method: 'POST', redirect: 'manual', body: corps }).catch(() => null);
    if (!reponse?.ok || celle !== derniere) return;
    const page = new DOMParser().parseFromString(await reponse.text(), 'text/html');
    remplace(page, 'constats');
    remplace(page, 'total-poids');
    if (remplace(page, 'apercu')) dit.textContent = 'Ce que le public lira est à jour.';
  };
  const change = () => {
    clearTimeout(attente);
    dit.textContent = '';
    attente = setTimeout(relit, Math.max(RELIRE_MS, envoyee + RELIRE_ECART_MS - performance.now()));
  };
  saisie.addEventListener('input', change);
  saisie.addEventListener('change', change);
}

// What is typed in a long form is kept by the server until it is saved: a few seconds after the last key and not too often, and when
// the page is left or put aside. Its hidden fields go along, so that the server knows which form it is.
const PAUSE_MS = 3000;
const ECART_MS = 10000;
const REPRISE_MS = 30000;
const ANNONCE_MS = 60000;
// What a browser still sends once the page is gone.
const LEGER = 60000;
for (const marque of document.querySelectorAll('[data-brouillon]')) {
  const formulaire = marque.form;
  const dit = document.createElement('p');
  dit.className = 'saisie-gardee';
  dit.setAttribute('role', 'status');
  formulaire.append(dit);

  const contenu = () => {
    const donnees = new FormData(formulaire);
    // A file is never kept.
    for (const [nom, valeur] of [...donnees]) if (typeof valeur !== 'string') donnees.delete(nom);
    return new URLSearchParams(donnees).toString();
  };
  // Shown again because it was not saved, what is in the page is to be kept as if it had just been typed.
  let garde = marque.dataset.brouillon === 'revenu' ? '' : contenu();
  let prevu = 0;
  let envoye = -ECART_MS;
  // What is on its way.
  let enVol = null;
  let annonce = { genre: '', quand: -ANNONCE_MS };
  let arrete = false;

  // Read out politely: at once when things change, else once a minute at most.
  const annonceEtat = (genre, texte) => {
    const maintenant = performance.now();
    if (genre === annonce.genre && maintenant - annonce.quand < ANNONCE_MS) return;
    annonce = { genre, quand: maintenant };
    dit.dataset.genre = genre;
    dit.textContent = texte;
  };
  // The hour of the server, as the notice above the form will say it.
  const heure = (reponse) => (reponse.headers.get('X-Heure') ?? '').replace(':', '\u00a0h\u00a0');
  const renonce = (texte) => {
    arrete = true;
    annonceEtat('arret', texte);
  };
  const programme = (dans) => {
    clearTimeout(prevu);
    prevu = arrete ? 0 : setTimeout(envoie, Math.max(dans, envoye + ECART_MS - performance.now()));
  };
  const envoie = async (depart = false) => {
    clearTimeout(prevu);
    prevu = 0;
    const corps = contenu();
    if (arrete || corps === garde || corps === enVol || (enVol !== null && !depart)) return;
    enVol = corps;
    envoye = performance.now();
    try {
      const reponse = await fetch('/brouillon', {
        method: 'POST',
        redirect: 'manual',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: corps,
        keepalive: depart === true && corps.length < LEGER,
      });
      if (reponse.status === 204) {
        garde = corps;
        annonceEtat('gardee', `Saisie gardée à ${heure(reponse)}`);
      } else if (reponse.type === 'opaqueredirect' || reponse.status === 403) {
        renonce('Votre saisie n’est plus gardée : votre session est terminée. Enregistrez : vous vous reconnecterez sans perdre ce que vous avez saisi.');
      } else if (reponse.status === 409) {
        renonce('Ce formulaire a déjà été enregistré : rechargez la page avant de le modifier de nouveau.');
      } else if (reponse.status === 412) {
        renonce('Cette saisie n’est pas gardée : une autre, commencée dans une autre page, vous attend. Ouvrez de nouveau ce formulaire pour la reprendre ou l’oublier.');
      } else if (reponse.status === 413) {
        annonceEtat('longue', 'Votre saisie est trop longue pour être gardée : enregistrez-la.');
      } else {
        annonceEtat('retard', 'Votre saisie n’est pas encore gardée : elle le sera dès que possible');
        programme(REPRISE_MS);
      }
    } catch {
      annonceEtat('perdue', 'Votre saisie n’est pas encore gardée : connexion perdue ; elle repartira dès que possible');
      programme(REPRISE_MS);
    } finally {
      enVol = null;
    }
    // Typed while it left.
    if (prevu === 0 && contenu() !== corps) programme(PAUSE_MS);
  };

  const change = () => {
    if (marque.dataset.brouillon === 'attend') {
      annonceEtat('attend', 'Cette saisie n’est pas gardée : une autre, plus ancienne, vous attend en haut du formulaire. Reprenez-la ou oubliez-la d’abord.');
      return;
    }
    programme(PAUSE_MS);
  };
  formulaire.addEventListener('input', change);
  formulaire.addEventListener('change', change);
  if (marque.dataset.brouillon === 'attend') continue;
  if (garde === '') programme(PAUSE_MS);
  const part = () => envoie(true);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') part();
  });
  window.addEventListener('pagehide', part);
  // Another form of the page is sent: the person may be signing out.
  document.addEventListener('submit', (evenement) => {
    if (evenement.target !== formulaire) part();
  });
  window.addEventListener('online', () => envoie());
}
