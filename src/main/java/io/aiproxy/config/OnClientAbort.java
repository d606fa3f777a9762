package io.aiproxy.config;

/** What becomes of an upstream's stream when the client has left. */
public enum OnClientAbort {
  /** It is cut at once. */
  CANCEL,
  /** It is read on for a while, so that the upstream's figures arrive. */
  DRAIN
}
