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

// A refused form is shown again: go to the list of faults.
document.getElementById('resume-erreurs')?.focus();

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
    return `il reste ${n}\u00a0${n > 1 ? plusieurs : un}`;
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

// The grid is read again while it is typed: the same page, asked for without saving, gives its findings.
for (const saisie of document.querySelectorAll('form[data-relecture]')) {
  let attente = 0;
  let derniere = 0;
  const relit = async () => {
    derniere += 1;
    const celle = derniere;
    const corps = new URLSearchParams(new FormData(saisie));
    corps.set('acte', 'relire');
    const reponse = await fetch(saisie.action, { method: 'POST', body: corps }).catch(() => null);
    if (!reponse?.ok || celle !== derniere) return;
    const page = new DOMParser().parseFromString(await reponse.text(), 'text/html');
    const neufs = page.querySelector('#constats');
    const ici = document.querySelector('#constats');
    if (neufs && ici && neufs.textContent !== ici.textContent) ici.replaceChildren(...neufs.childNodes);
  };
  saisie.addEventListener('input', () => {
    clearTimeout(attente);
    attente = setTimeout(relit, 3000);
  });
}
