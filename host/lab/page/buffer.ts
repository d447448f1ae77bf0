/** What Node has of itself, and a browser has not. */
export { Buffer } from "buffer/";
