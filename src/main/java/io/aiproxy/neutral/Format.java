package io.aiproxy.neutral;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * What the text of an answer is to look like.
 *
 * @param name of the schema; empty if the client gave none
 * @param description of the schema; empty if the client gave none
 * @param schema missing unless {@code kind} is SCHEMA
 */
public record Format(
    Kind kind,
    String name,
    String description,
    JsonNode schema,
    Optional<Boolean> strict,
    Origin origin) {
  /** The sorts there are. */
  public enum Kind {
    TEXT,
    /** Any JSON object. */
    OBJECT,
    SCHEMA
  }
}
