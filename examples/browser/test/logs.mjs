// Logs for the tests: as many exchanges as are wanted, of which one in so many fails.

const second = (number) => new Date(Date.UTC(2026, 10, 22, 6) + number * 100).toISOString();

/** An access log of Envoy. */
export function accessLog(lines, failing = 1) {
  const all = [];
  for (let number = 0; number < lines; number += 1) {
    const fails = number % failing === 0;
    const [status, flags, details] = fails
      ? ['503', 'UF', 'upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_111}']
      : ['200', '-', 'via_upstream'];
    all.push(
      `[${second(number)}] "GET /item/${number % 97}?n=${number} HTTP/1.1" ${status} ${flags} ${details} ` +
        `- "-" 0 91 12 - "-" "shop-app/4.2" "34e1c055-1646-4592-ac9f-${String(number).padStart(12, '0')}" ` +
        `"shop.example" "192.0.2.${number % 7}:8080" outbound|80||shop.default.svc.cluster.local ` +
        `192.0.2.3:40100 192.0.2.1:80 192.0.2.9:40000 - default`,
    );
  }
  return `${all.join('\n')}\n`;
}

export const TOO_BIG_HEADER =
  '2026/11/22 07:38:39 [error] 31#31: *7 upstream sent too big header while reading response ' +
  'header from upstream, client: 198.51.100.7, server: shop.example, request: "GET /cart HTTP/1.1", ' +
  'upstream: "http://10.0.0.2:8080/cart", host: "shop.example"';
