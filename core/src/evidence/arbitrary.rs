//! Evidence of any content, for fuzzing: what a caller could have built, sensible or not.

use super::{
    Attempt, Connection, Evidence, Headers, Limits, List, Origin, Request, Seen, Sources,
    Timestamp, Timings,
};
use arbitrary::{Arbitrary, Result, Unstructured};

/// How long one text is at most: longer ones test nothing more, and use up the input.
const LONGEST_TEXT: usize = 64;

fn text<'a>(u: &mut Unstructured<'a>) -> Result<&'a [u8]> {
    let length = u.int_in_range(0..=LONGEST_TEXT.min(u.len()))?;
    u.bytes(length)
}

fn perhaps<'a, T>(
    u: &mut Unstructured<'a>,
    make: impl FnOnce(&mut Unstructured<'a>) -> Result<T>,
) -> Result<Option<T>> {
    if u.arbitrary()? { make(u).map(Some) } else { Ok(None) }
}

/// Up to one more than fit, so that full lists are met too.
fn list<'a, T: Copy + Default, const N: usize>(
    u: &mut Unstructured<'a>,
    mut make: impl FnMut(&mut Unstructured<'a>) -> Result<T>,
) -> Result<List<T, N>> {
    let mut list = List::default();
    for _ in 0..u.int_in_range(0..=N + 1)? {
        list.push(make(u)?);
    }
    Ok(list)
}

impl<'a> Arbitrary<'a> for Evidence<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut evidence = Self {
            gateway: u.arbitrary()?,
            event: u.arbitrary()?,
            at: u.arbitrary()?,
            begun: u.arbitrary()?,
            status: perhaps(u, status)?,
            request: request(u)?,
            client: perhaps(u, text)?,
            connection: perhaps(u, connection)?,
            cluster: perhaps(u, text)?,
            protocol: u.arbitrary()?,
            attempts: list(u, attempt)?,
            upstream_told: u.arbitrary()?,
            timings: timings(u)?,
            limits: limits(u)?,
            headers: headers(u)?,
            body_sent: u.arbitrary()?,
            reused: u.arbitrary()?,
            complete: u.arbitrary()?,
            answered: u.arbitrary()?,
            body: u.arbitrary()?,
            signs: List::default(),
            sources: Sources::default(),
            records: list(u, |u| Ok((u.arbitrary()?, text(u)?)))?,
        };
        for _ in 0..u.int_in_range(0..=super::MOST_SIGNS + 1)? {
            evidence.add(u.arbitrary()?);
        }
        for _ in 0..u.int_in_range(0..=3)? {
            evidence.sources.add(u.arbitrary()?);
        }
        Ok(evidence)
    }
}

/// Mostly one that HTTP knows.
fn status(u: &mut Unstructured<'_>) -> Result<u16> {
    if u.ratio(7, 8)? { u.int_in_range(0..=599) } else { u.arbitrary() }
}

fn request<'a>(u: &mut Unstructured<'a>) -> Result<Request<'a>> {
    Ok(Request {
        method: perhaps(u, text)?,
        authority: perhaps(u, text)?,
        path: perhaps(u, text)?,
        id: perhaps(u, text)?,
        upgrade: u.arbitrary()?,
    })
}

fn connection(u: &mut Unstructured<'_>) -> Result<Connection> {
    Ok(Connection { process: u.arbitrary()?, number: u.arbitrary()? })
}

fn attempt<'a>(u: &mut Unstructured<'a>) -> Result<Attempt<'a>> {
    Ok(Attempt {
        address: perhaps(u, text)?,
        status: perhaps(u, status)?,
        connect: u.arbitrary()?,
        header: u.arbitrary()?,
        total: u.arbitrary()?,
        received: u.arbitrary()?,
        sent: u.arbitrary()?,
        connect_told: u.arbitrary()?,
        header_told: u.arbitrary()?,
    })
}

fn timings(u: &mut Unstructured<'_>) -> Result<Timings> {
    Ok(Timings {
        resolve: u.arbitrary()?,
        connect: u.arbitrary()?,
        tls: u.arbitrary()?,
        first_byte: u.arbitrary()?,
        total: u.arbitrary()?,
    })
}

fn limits(u: &mut Unstructured<'_>) -> Result<Limits> {
    Ok(Limits {
        connect: u.arbitrary()?,
        response: u.arbitrary()?,
        send: u.arbitrary()?,
        idle: u.arbitrary()?,
        header: u.arbitrary()?,
    })
}

fn headers<'a>(u: &mut Unstructured<'a>) -> Result<Headers<'a>> {
    Ok(Headers {
        retry_after: perhaps(u, text)?,
        server: perhaps(u, text)?,
        via: perhaps(u, text)?,
        proxy_status: perhaps(u, text)?,
        content_type: perhaps(u, text)?,
        content_length: u.arbitrary()?,
        grpc_status: perhaps(u, text)?,
        size: u.arbitrary()?,
    })
}

impl<'a> Arbitrary<'a> for Seen<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self {
            sign: u.arbitrary()?,
            phase: u.arbitrary()?,
            event: false,
            number: u.arbitrary()?,
            attempt: u.arbitrary()?,
            quote: text(u)?,
            origin: u.arbitrary()?,
        })
    }
}

impl<'a> Arbitrary<'a> for Origin {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self::new(u.arbitrary()?, u.arbitrary()?, u.arbitrary()?))
    }
}

impl<'a> Arbitrary<'a> for Timestamp {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self::new(u.arbitrary()?, u.arbitrary()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn any_bytes_make_evidence_and_short_ones_end() {
        let bytes: Vec<u8> = (0..4096_u32).map(|at| ((at * 131) >> 3) as u8).collect();
        let mut told = 0;
        for start in 0..64 {
            let mut u = Unstructured::new(&bytes[start * 8..]);
            let evidence = Evidence::arbitrary(&mut u).unwrap();
            told += usize::from(!evidence.signs.is_empty() && !evidence.attempts.is_empty());
        }
        assert!(told > 16, "{told} of 64 tell something");
        assert_eq!(Evidence::arbitrary(&mut Unstructured::new(&[])), Ok(Evidence::default()));
    }
}
