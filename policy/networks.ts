import { asNumber, asText } from "./values";
/** Networks that no organisation has for itself: all addresses, or halves and quarters that make them up. */
export const isInternet = (network: string): boolean => {
  const [address = "", length] = asText(network).split("/");
  return asNumber(length) < (address.includes(":") ? 16 : 8);
};

/** Whether a network is within those that organisations have for themselves (RFC 1918, RFC 4193). */
export const isOwnNetwork = (network: string): boolean =>
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:)/i.test(asText(network)) &&
  !isInternet(network);
