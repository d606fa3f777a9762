package io.aiproxy.config;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Which of the client's header fields go on to the upstream, besides those that every request needs. Immutable.
 *
 * @param all every one that may be forwarded at all; false unless configured
 * @param names these, in lower case; none unless configured
 */
public record ForwardHeaders(boolean all, Set<String> names) {
  public static final ForwardHeaders NONE = new ForwardHeaders(false, Set.of());

  public ForwardHeaders {
    names = Collections.unmodifiableSet(new LinkedHashSet<>(names));
  }
}
