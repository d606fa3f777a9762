package io.aiproxy.call;

/**
 * Where a request goes. The path and the query are as they stand in the request line: encoded, the path with its leading
 * slash, the query without its question mark and empty if there is none.
 */
public record Target(String scheme, String host, int port, String path, String query) {
  public Target {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("a path must begin with a slash, was \"" + path + "\"");
    }
  }

  /** Host and port as an access log shows them. */
  public String address() {
    return host + ":" + port;
  }

  /** What the request line says. */
  public String pathAndQuery() {
    return query.isEmpty() ? path : path + "?" + query;
  }

  /** A query may hold a credential. */
  @Override
  public String toString() {
    return scheme + "://" + address() + path;
  }
}
