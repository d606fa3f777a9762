package io.aiproxy.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** What a string of the configuration may look like: a pattern that the schema shares, and how it is said in a message. */
enum Format {
  /** Something to be read by people. */
  TEXT("^[^\\x00-\\x1f\\x7f]+$", "must not be empty or hold control characters", true),
  /** Of any number of lines. */
  PROSE("^[\\s\\S]*\\S[\\s\\S]*$", "must not be empty", true),
  ID(
      "^[A-Za-z0-9._-]{1,64}$",
      "must be 1 to 64 letters, digits, dots, hyphens or underscores",
      true),
  /** Of an instance. */
  NAME(
      "^[^\\x00-\\x1f\\x7f,]{1,100}$",
      "must be 1 to 100 characters, without commas and control characters",
      true),
  URI(
      "^/[^*?#\\x00-\\x1f\\x7f]*\\*?$",
      "must be a path that begins with / and has * at most as its last character, without ? and #",
      true),
  HOST(
      "^(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$|^\\[[0-9A-Fa-f:.]+\\]$",
      "must be a host name without a port; *. may stand at its beginning",
      true),
  MODEL("^[^\\x00-\\x1f\\x7f]+$", "must not be empty or hold control characters", true),
  /** Part of a host name or of a path. */
  SEGMENT(
      "^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$",
      "must be 1 to 100 letters, digits, dots, colons, hyphens or underscores",
      true),
  PROVIDER("^[^\\x00-\\x1f\\x7f]+$", "must not be empty or hold control characters", true),
  HEADER_NAME(
      "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
      "must be the name of a header field: letters, digits and hyphens", true),
  /** HTTP takes the spaces around a value away, so that one which has them arrives as another. */
  HEADER_VALUE(
      "^[!-~\\u00a0-\\u00ff]([\\t -~\\u00a0-\\u00ff]*[!-~\\u00a0-\\u00ff])?$",
      "must be the value of a header field: not empty, no line breaks, no spaces around it, and Latin-1 only",
      false),
  /** Name and value, as in a request. */
  HEADER_LINE(
      "^[A-Za-z0-9!#$%&'*+.^_`|~-]+: *[!-~\\u00a0-\\u00ff]([\\t -~\\u00a0-\\u00ff]*[!-~\\u00a0-\\u00ff])?$",
      "must be \"Name: value\", without line breaks", false),
  /** Path and query as in a request. */
  REQUEST_TARGET(
      "^/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*$",
      "must be a path that begins with /, percent-encoded, with at most a query", false),
  QUERY_NAME(
      "^[^\\x00-\\x1f\\x7f]+$",
      "must be the name of a query parameter: not empty and without control characters",
      true),
  QUERY_VALUE("^[^\\x00-\\x1f\\x7f]+$", "must not be empty or hold control characters", false),
  /** Something that is not sent as it is, perhaps of several lines. */
  CREDENTIAL("^[\\s\\S]*\\S[\\s\\S]*$", "must not be empty", false),
  FILE("^[^\\x00-\\x1f\\x7f]+$", "must be the name of a file", true),
  /** Its query may hold a credential. */
  ENDPOINT(
      "^https?://[^/?#@]+(/[^?#]*)?(\\?[^#]*)?$",
      "must be scheme://host[:port][/path][?query]",
      false) {
    @Override
    Optional<String> fault(String text) {
      return parsed(text);
    }
  },
  PROXY("^http://[^/?#@]+$", "must be http://host:port", false) {
    @Override
    Optional<String> fault(String text) {
      Optional<String> fault = super.fault(text);
      return fault.isPresent() ? fault : parsed(text);
    }
  };

  private final Pattern pattern;
  private final String expectation;
  private final boolean shown;

  Format(String pattern, String expectation, boolean shown) {
    this.pattern = Pattern.compile(pattern);
    this.expectation = expectation;
    this.shown = shown;
  }

  /** In the dialect that Java and JSON Schema have in common. */
  String pattern() {
    return pattern.pattern();
  }

  /** Whether a message may show a value of it. */
  boolean shown() {
    return shown;
  }

  /** What is wrong with a string; empty if nothing is. */
  Optional<String> fault(String text) {
    // matches, since find lets a line break follow the end
    return pattern.matcher(text).matches() ? Optional.empty() : Optional.of(expectation);
  }

  private static Optional<String> parsed(String text) {
    try {
      Endpoint.parse(text);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }
}
