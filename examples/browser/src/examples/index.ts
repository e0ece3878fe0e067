// Things to try, one for each gateway: files beside the page.

import access from '../../../cli/logs/nginx/access.log?url';
import error from '../../../cli/logs/nginx/error.log?url';
import apache from './apache.log?url';
import curl from './curl.txt?url';
import envoy from './envoy.log?url';
import haproxy from './haproxy.log?url';
import nginx from './nginx.log?url';
import har from './shop.har?url';

export interface Example {
  title: string;
  about: string;
  /** Names of files, and where they are. */
  files: Record<string, string>;
}

export const EXAMPLES: Example[] = [
  { title: 'nginx', about: 'a line of its error log', files: { 'error.log': nginx } },
  { title: 'Envoy, Istio', about: 'a line of its access log', files: { 'envoy.log': envoy } },
  { title: 'HAProxy', about: 'a line of its traffic log', files: { 'haproxy.log': haproxy } },
  { title: 'Apache', about: 'lines of both its logs', files: { 'apache.log': apache } },
  { title: 'curl -v', about: 'what a client saw', files: { 'curl.txt': curl } },
  { title: 'HAR', about: 'what a browser saw', files: { 'shop.har': har } },
  {
    title: 'A bad minute',
    about: 'both logs of a shop behind nginx',
    files: { 'access.log': access, 'error.log': error },
  },
];

export function filesOf({ files }: Example): Promise<File[]> {
  return Promise.all(
    Object.entries(files).map(async ([name, url]) => {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`the example ${name} could not be loaded`);
      return new File([await response.blob()], name);
    }),
  );
}
