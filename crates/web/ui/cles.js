// Passkeys: the only part of signing in that a script must do. The page says what to do without it.

const octets = (texte) =>
  Uint8Array.from(atob(texte.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const texte = (tampon) =>
  btoa(String.fromCharCode(...new Uint8Array(tampon))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

// What the server wrote in base 64, as the browser wants it.
function options({ publicKey }) {
  const cles = (liste) => liste?.map((cle) => ({ ...cle, id: octets(cle.id) }));
  const lues = { ...publicKey, challenge: octets(publicKey.challenge) };
  if (publicKey.user) lues.user = { ...publicKey.user, id: octets(publicKey.user.id) };
  if (publicKey.excludeCredentials) lues.excludeCredentials = cles(publicKey.excludeCredentials);
  if (publicKey.allowCredentials) lues.allowCredentials = cles(publicKey.allowCredentials);
  return { publicKey: lues };
}

// What the browser answers, as the server reads it.
function reponse(cle) {
  const { response: r } = cle;
  const commun = { id: cle.id, rawId: texte(cle.rawId), type: cle.type, extensions: cle.getClientExtensionResults() };
  const dit = { clientDataJSON: texte(r.clientDataJSON) };
  if (r.attestationObject) {
    dit.attestationObject = texte(r.attestationObject);
    dit.transports = r.getTransports?.();
  } else {
    dit.authenticatorData = texte(r.authenticatorData);
    dit.signature = texte(r.signature);
    dit.userHandle = r.userHandle ? texte(r.userHandle) : null;
  }
  return JSON.stringify({ ...commun, response: dit });
}

for (const formulaire of document.querySelectorAll('form[data-cle]')) {
  const etat = formulaire.querySelector('[data-cle-etat]');
  if (!window.PublicKeyCredential) {
    etat.textContent = 'Ce navigateur ne connaît pas les clés d’accès : choisissez un autre moyen.';
    continue;
  }
  formulaire.querySelector('[data-cle-bouton]').hidden = false;
  const champ = formulaire.querySelector('input[name=code], input[name=reponse]');
  // Caught before the guard against double sending, which must see the real sending only.
  formulaire.addEventListener('submit', async (evenement) => {
    if (champ.value) return;
    evenement.preventDefault();
    evenement.stopPropagation();
    etat.textContent = 'Suivez ce que demande votre appareil…';
    try {
      const jeton = formulaire.querySelector('input[name=_jeton]').value;
      const defi = await fetch(formulaire.dataset.defi, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ _jeton: jeton }),
      });
      if (!defi.ok) {
        // A fresh second step is asked first, then this page again.
        if (formulaire.dataset.cle !== 'create') throw new Error('refus');
        location.assign(`/connexion/verification?suite=${encodeURIComponent(location.pathname)}`);
        return;
      }
      const cle = await navigator.credentials[formulaire.dataset.cle](options(await defi.json()));
      champ.value = reponse(cle);
      formulaire.requestSubmit();
    } catch (cause) {
      etat.textContent =
        cause.name === 'InvalidStateError'
          ? 'Cet appareil a déjà une clé pour ce compte.'
          : 'La clé d’accès n’a pas répondu. Recommencez, ou choisissez un autre moyen.';
    }
  });
}
