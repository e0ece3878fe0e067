import * as why502 from 'why502';
import { use } from './main.js';

use(why502).then((said) => postMessage(said));
