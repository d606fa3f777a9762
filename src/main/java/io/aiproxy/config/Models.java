package io.aiproxy.config;

import java.util.List;

/**
 * What is known of the models that an upstream serves. Immutable.
 *
 * @param names those that clients may ask for, each once; empty if nobody says
 * @param listed whether the route tells clients which it has
 */
public record Models(List<String> names, boolean listed) {
  public Models {
    names = List.copyOf(names);
  }
}
