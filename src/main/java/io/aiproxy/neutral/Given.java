package io.aiproxy.neutral;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A value as a client gave it.
 *
 * @param path where it stood in its request
 */
public record Given(String path, JsonNode value) {}
