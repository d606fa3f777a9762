package io.aiproxy.servlet;

import java.io.IOException;

/** The client has left: nothing can be read from it or written to it any more. */
final class ClientGone extends RuntimeException {
  ClientGone(IOException cause) {
    super("the client is gone", cause, false, false);
  }
}
