//! Antivirus by its socket (FIC-2): the protocol of ClamAV's daemon, which other engines speak too.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use app::ports::{Antivirus, Futur, Verdict};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

/// Where the daemon listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prise {
    /// Local socket.
    Fichier(PathBuf),
    /// « host:port ».
    Reseau(String),
}

/// Bytes sent at once.
const MORCEAU: usize = 64 << 10;
/// An answer is one line.
const REPONSE_MAX: u64 = 4096;

/// A daemon that speaks `INSTREAM`.
#[derive(Debug)]
pub struct Clamd {
    prise: Prise,
    delai: Duration,
}

impl Clamd {
    /// `delai`: for the whole exchange.
    pub fn new(prise: Prise, delai: Duration) -> Self {
        Self { prise, delai }
    }

    async fn ask(&self, octets: &[u8]) -> io::Result<Verdict> {
        let reponse = match &self.prise {
            Prise::Fichier(chemin) => exchange(UnixStream::connect(chemin).await?, octets).await?,
            Prise::Reseau(adresse) => exchange(TcpStream::connect(adresse).await?, octets).await?,
        };
        read_answer(&reponse)
    }
}

async fn exchange(mut prise: impl AsyncRead + AsyncWrite + Unpin, octets: &[u8]) -> io::Result<String> {
    prise.write_all(b"zINSTREAM\0").await?;
    for morceau in octets.chunks(MORCEAU) {
        let taille = u32::try_from(morceau.len()).map_err(io::Error::other)?;
        prise.write_all(&taille.to_be_bytes()).await?;
        prise.write_all(morceau).await?;
    }
    prise.write_all(&0u32.to_be_bytes()).await?;
    prise.flush().await?;
    let mut reponse = String::new();
    prise.take(REPONSE_MAX).read_to_string(&mut reponse).await?;
    Ok(reponse)
}

/// « stream: OK », « stream: NAME FOUND »; anything else is no verdict.
fn read_answer(reponse: &str) -> io::Result<Verdict> {
    let dit = reponse.trim_end_matches('\0').trim();
    let dit = dit.strip_prefix("stream: ").unwrap_or(dit);
    match dit.strip_suffix(" FOUND") {
        Some(nom) => Ok(Verdict::Infecte(nom.to_owned())),
        None if dit == "OK" => Ok(Verdict::Sain),
        None => Err(io::Error::new(io::ErrorKind::InvalidData, format!("réponse de l’antivirus : {dit}"))),
    }
}

impl Antivirus for Clamd {
    fn scan<'a>(&'a self, octets: &'a [u8]) -> Futur<'a, io::Result<Verdict>> {
        Box::pin(async move {
            tokio::time::timeout(self.delai, self.ask(octets))
                .await
                .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
        })
    }
}

/// No daemon is declared: nothing can be said of a file.
#[derive(Debug, Default)]
pub struct AntivirusAbsent;

impl Antivirus for AntivirusAbsent {
    fn scan<'a>(&'a self, _: &'a [u8]) -> Futur<'a, io::Result<Verdict>> {
        Box::pin(async {
            Err(io::Error::new(io::ErrorKind::NotConnected, "aucun antivirus n’est déclaré"))
        })
    }
}

/// A demonstration has no daemon: it knows the test file that every antivirus knows, and nothing else.
#[derive(Debug, Default)]
pub struct AntivirusDemonstration;

impl Antivirus for AntivirusDemonstration {
    fn scan<'a>(&'a self, octets: &'a [u8]) -> Futur<'a, io::Result<Verdict>> {
        const ESSAI: &[u8] = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE";
        Box::pin(async move {
            let essai = octets.windows(ESSAI.len()).any(|f| f == ESSAI);
            Ok(if essai { Verdict::Infecte("Eicar-Test-Signature".to_owned()) } else { Verdict::Sain })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A daemon of one exchange: gives back what it received, and answers.
    async fn daemon(reponse: &'static [u8]) -> (Prise, tokio::task::JoinHandle<Vec<u8>>) {
        let ecoute = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("listens");
        let adresse = ecoute.local_addr().expect("address");
        let recu = tokio::spawn(async move {
            let (mut prise, _) = ecoute.accept().await.expect("accepts");
            let mut ordre = [0; 10];
            prise.read_exact(&mut ordre).await.expect("order");
            assert_eq!(&ordre, b"zINSTREAM\0");
            let mut tout = Vec::new();
            loop {
                let taille = prise.read_u32().await.expect("length");
                if taille == 0 {
                    break;
                }
                let mut morceau = vec![0; usize::try_from(taille).expect("fits")];
                prise.read_exact(&mut morceau).await.expect("bytes");
                tout.extend(morceau);
            }
            prise.write_all(reponse).await.expect("answers");
            tout
        });
        (Prise::Reseau(adresse.to_string()), recu)
    }

    #[tokio::test]
    async fn fic_2_the_daemon_receives_the_whole_file_and_its_verdict_is_read() {
        let octets: Vec<u8> = (0..200_000u32).map(|n| u8::try_from(n % 251).expect("byte")).collect();
        for (reponse, attendu) in [
            (&b"stream: OK\0"[..], Verdict::Sain),
            (b"stream: Eicar-Test-Signature FOUND\0", Verdict::Infecte("Eicar-Test-Signature".to_owned())),
        ] {
            let (prise, recu) = daemon(reponse).await;
            let verdict = Clamd::new(prise, Duration::from_secs(10)).scan(&octets).await;
            assert_eq!(verdict.expect("verdict"), attendu);
            assert!(recu.await.expect("daemon") == octets);
        }
    }

    #[tokio::test]
    async fn fic_2_without_an_answer_nothing_is_said_of_a_file() {
        let (prise, _recu) = daemon(b"INSTREAM size limit exceeded. ERROR\0").await;
        assert!(Clamd::new(prise, Duration::from_secs(10)).scan(b"a").await.is_err());
        // Listens and never answers.
        let muet = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("listens");
        let prise = Prise::Reseau(muet.local_addr().expect("address").to_string());
        let e = Clamd::new(prise, Duration::from_millis(50)).scan(b"a").await.expect_err("late");
        assert_eq!(e.kind(), io::ErrorKind::TimedOut);
        let absent = Prise::Fichier("/nulle/part/clamd.ctl".into());
        assert!(Clamd::new(absent, Duration::from_secs(1)).scan(b"a").await.is_err());
        assert!(AntivirusAbsent.scan(b"a").await.is_err());
    }

    #[tokio::test]
    async fn fic_2_a_demonstration_knows_the_test_file() {
        let essai = br"%PDF-1.7 X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";
        assert!(matches!(AntivirusDemonstration.scan(essai).await, Ok(Verdict::Infecte(_))));
        assert_eq!(AntivirusDemonstration.scan(b"%PDF-1.7").await.expect("verdict"), Verdict::Sain);
    }
}
