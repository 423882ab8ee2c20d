//! Which addresses of the internet a request may go to.
//!
//! A URL that somebody states must not become a way into the shop's own network: to a database that
//! trusts its neighbours, a router's page, or the address at which clouds hand out keys. So an
//! address counts as *out in the world* only where the registries say that it is globally reachable.
//!
//! Source: IANA's registries of special-purpose addresses for IPv4 and IPv6 (RFC 6890 and what
//! updates it).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Networks of IPv4 that are not out in the world, with their length in bits.
const NOT_OUTSIDE: [(Ipv4Addr, u32); 17] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),          // "This network".
    (Ipv4Addr::new(10, 0, 0, 0), 8),         // Private.
    (Ipv4Addr::new(100, 64, 0, 0), 10),      // Between carriers and their customers.
    (Ipv4Addr::new(127, 0, 0, 0), 8),        // This machine.
    (Ipv4Addr::new(168, 63, 129, 16), 32),   // Azure's own services for each of its machines.
    (Ipv4Addr::new(169, 254, 0, 0), 16),     // Link-local, with the clouds' metadata.
    (Ipv4Addr::new(172, 16, 0, 0), 12),      // Private.
    (Ipv4Addr::new(192, 0, 0, 0), 24),       // Protocol assignments, Oracle's metadata among them.
    (Ipv4Addr::new(192, 0, 2, 0), 24),       // Documentation.
    (Ipv4Addr::new(192, 88, 99, 0), 24),     // Relays of 6to4, given up.
    (Ipv4Addr::new(192, 168, 0, 0), 16),     // Private.
    (Ipv4Addr::new(198, 18, 0, 0), 15),      // Benchmarks.
    (Ipv4Addr::new(198, 51, 100, 0), 24),    // Documentation.
    (Ipv4Addr::new(203, 0, 113, 0), 24),     // Documentation.
    (Ipv4Addr::new(224, 0, 0, 0), 4),        // Multicast.
    (Ipv4Addr::new(240, 0, 0, 0), 4),        // Reserved.
    (Ipv4Addr::new(255, 255, 255, 255), 32), // Everybody on the network.
];

/// Networks within 2000::/3 that are not out in the world.
const NOT_OUTSIDE_6: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // Protocols, Teredo among them.
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // Documentation.
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4: holds any address of IPv4.
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // Documentation.
];

/// Whether an address is out in the world, and so no part of the shop's own network.
///
/// Addresses of IPv4 that are written in IPv6 count as what they stand for.
#[must_use]
pub fn outside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => outside_4(address),
        IpAddr::V6(address) => outside_6(address),
    }
}

fn outside_4(address: Ipv4Addr) -> bool {
    let within = |(network, bits): &(Ipv4Addr, u32)| {
        (address.to_bits() ^ network.to_bits()) >> (32 - bits) == 0
    };
    !NOT_OUTSIDE.iter().any(within)
}

fn outside_6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return outside_4(inner);
    }
    let bits = address.to_bits();
    // NAT64's own prefix (RFC 6052): the last 32 bits are the address that is really meant.
    if bits >> 32 == 0x0064_ff9b << 64 {
        return outside_4(Ipv4Addr::from_bits(u32::try_from(bits & 0xffff_ffff).unwrap_or(0)));
    }
    let global_unicast = bits >> 125 == 0b001;
    let within =
        |(network, length): &(Ipv6Addr, u32)| (bits ^ network.to_bits()) >> (128 - length) == 0;
    global_unicast && !NOT_OUTSIDE_6.iter().any(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_world_is_what_registries_say_is_reached_from_everywhere() {
        let inside = "0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 \
            100.127.255.255 127.0.0.1 127.255.255.254 168.63.129.16 169.254.169.254 172.16.0.1 \
            172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 \
            198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 \
            255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 \
            64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1 2001:2::1 2001:10::1 2001:db8::1 \
            2002:7f00:1:: 3fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 febf::1 fec0::1 \
            ff02::1";
        for address in inside.split_whitespace() {
            assert!(!outside(address.parse().unwrap()), "{address}");
        }
        let world = "1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.0.0.1 128.0.0.1 \
            168.63.129.15 169.253.255.255 172.15.255.255 172.32.0.0 192.0.1.1 192.167.255.255 \
            198.17.255.255 198.20.0.0 223.255.255.255 2001:200::1 2606:4700::1111 2a00:1450::1 \
            ::ffff:1.1.1.1 64:ff9b::101:101";
        for address in world.split_whitespace() {
            assert!(outside(address.parse().unwrap()), "{address}");
        }
    }
}
