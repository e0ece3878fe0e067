//! The host behind the SDK.

use alloc::vec::Vec;

use std::time::SystemTime;

use proxy_wasm::hostcalls;
use proxy_wasm::types::{MapType, Status};

use crate::{Absent, Answer, Ask, Map, Pairs, pack};

/// The host that runs this module, by the calls of the SDK: those in bytes alone, as its calls for
/// text panic on bytes that are not UTF-8.
///
/// Those in bytes still panic on a status that they do not expect. In Envoy and Istio there is none;
/// on other hosts, run `why502.wasm`, which takes any.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sdk;

impl Ask for Sdk {
    fn property(&self, path: &[u8]) -> Answer<Vec<u8>> {
        let path = core::str::from_utf8(path).map_err(|_| Absent::Missing)?;
        some(hostcalls::get_property(path.split('\0').collect()))
    }

    fn header(&self, map: Map, name: &[u8]) -> Answer<Vec<u8>> {
        if map == Map::Response {
            let name = core::str::from_utf8(name).map_err(|_| Absent::Missing)?;
            return some(hostcalls::get_map_value_bytes(MapType::HttpResponseHeaders, name));
        }
        // One value of headers that are not shown in this phase is a panic; all of them are none.
        self.headers(map)?.value(name).map(<[u8]>::to_vec).ok_or(Absent::Missing)
    }

    fn headers(&self, map: Map) -> Answer<Pairs> {
        let map = match map {
            Map::Request => MapType::HttpRequestHeaders,
            Map::Response => MapType::HttpResponseHeaders,
            Map::ResponseTrailers => MapType::HttpResponseTrailers,
        };
        let headers = hostcalls::get_map_bytes(map).map_err(failed)?;
        let headers: Vec<_> =
            headers.into_iter().map(|(name, value)| (name.into_bytes(), value)).collect();
        Ok(Pairs::new(pack(&headers)))
    }

    fn now(&self) -> Answer<u64> {
        let time = hostcalls::get_current_time().map_err(failed)?;
        let since = time.duration_since(SystemTime::UNIX_EPOCH).map_err(|_| Absent::Missing)?;
        u64::try_from(since.as_nanos()).map_err(|_| Absent::Missing)
    }
}

fn some(answer: Result<Option<Vec<u8>>, Status>) -> Answer<Vec<u8>> {
    answer.map_err(failed)?.ok_or(Absent::Missing)
}

fn failed(status: Status) -> Absent {
    Absent::of(status as u32).unwrap_or(Absent::Missing)
}
