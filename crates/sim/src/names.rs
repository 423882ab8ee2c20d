//! Word lists: given and family names, places, what people search for.

pub(crate) const WOMEN: [&str; 24] = [
    "Lucía", "Carmen", "Ana", "Laura", "Marta", "Elena", "Sara", "Paula", "Nuria", "Irene", "Alba",
    "Rocío", "Silvia", "Pilar", "Inés", "Beatriz", "Clara", "Julia", "Noelia", "Olga", "Teresa",
    "Rosa", "Eva", "Begoña",
];

pub(crate) const MEN: [&str; 24] = [
    "Antonio", "Manuel", "José", "Javier", "David", "Daniel", "Carlos", "Pablo", "Álvaro",
    "Sergio", "Jorge", "Luis", "Miguel", "Diego", "Iván", "Rubén", "Raúl", "Andrés", "Óscar",
    "Víctor", "Hugo", "Mario", "Íñigo", "Tomás",
];

pub(crate) const FAMILIES: [&str; 40] = [
    "García",
    "Fernández",
    "González",
    "Rodríguez",
    "López",
    "Martínez",
    "Sánchez",
    "Pérez",
    "Gómez",
    "Martín",
    "Jiménez",
    "Ruiz",
    "Hernández",
    "Díaz",
    "Moreno",
    "Muñoz",
    "Álvarez",
    "Romero",
    "Alonso",
    "Gutiérrez",
    "Navarro",
    "Torres",
    "Domínguez",
    "Vázquez",
    "Ramos",
    "Gil",
    "Serrano",
    "Blanco",
    "Molina",
    "Castro",
    "Ortega",
    "Rubio",
    "Marín",
    "Sanz",
    "Núñez",
    "Iglesias",
    "Medina",
    "Cortés",
    "Peña",
    "Ibáñez",
];

pub(crate) const CITIES: [(&str, &str); 6] = [
    ("Madrid", "280"),
    ("Getafe", "289"),
    ("Alcalá de Henares", "288"),
    ("Toledo", "450"),
    ("Segovia", "400"),
    ("Guadalajara", "190"),
];

/// Domains that can belong to nobody (RFC 2606).
pub(crate) const DOMAINS: [&str; 5] =
    ["example.com", "example.org", "example.net", "correo.example", "mail.example"];

pub(crate) const SEARCHES: [&str; 10] = [
    "camiseta",
    "linen shirt",
    "vaqueros",
    "winter coat",
    "zapatillas",
    "gift",
    "vestido",
    "organic cotton",
    "bolso",
    "rain jacket",
];

/// What is typed at a till so that the form lets one go on.
pub(crate) const PLACEHOLDER_EMAILS: [&str; 3] =
    ["test@test.com", "no@no.com", "noemail@example.com"];
pub(crate) const PLACEHOLDER_PHONE: &str = "000000000";

/// Writes `name` in lower case without accents, as it stands in an address.
pub(crate) fn write_plain(name: &str, out: &mut Vec<u8>) {
    for letter in name.chars().flat_map(char::to_lowercase) {
        let plain = match letter {
            'á' => 'a',
            'é' => 'e',
            'í' => 'i',
            'ó' => 'o',
            'ú' | 'ü' => 'u',
            'ñ' => 'n',
            other => other,
        };
        if plain.is_ascii_alphabetic() {
            out.extend(u8::try_from(plain));
        }
    }
}
