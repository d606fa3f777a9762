package io.aiproxy.config;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How the instances of a route share its requests, and when the next one is asked. Immutable.
 *
 * @param algorithm who is asked first
 * @param hashOn where the algorithm {@code chash} finds what it goes by
 * @param key what it is called there; empty if that says it all
 * @param factor how much of its fair share one gets at most by a hash, in percent, at least 100; empty for the algorithm's own
 * @param names what the algorithm {@code model} makes of the models that clients ask for
 * @param fallback when another one is asked
 */
public record Balancing(
    Algorithm algorithm,
    HashOn hashOn,
    String key,
    OptionalInt factor,
    Names names,
    Fallback fallback) {
  /** That bounds nobody's share and knows no other names. */
  public Balancing(Algorithm algorithm, HashOn hashOn, String key, Fallback fallback) {
    this(algorithm, hashOn, key, OptionalInt.empty(), Names.NONE, fallback);
  }

  /** Who is asked first. */
  public enum Algorithm {
    /** In turn, each as often as its weight says. */
    ROUNDROBIN,
    /** The same one for the same key. */
    CHASH,
    /** Of two at random the one with fewer requests under way. */
    LEAST_REQUESTS,
    /** Of two at random the one that was faster to its first token, of late. */
    LATENCY,
    /** In turn, of those who serve the model that is asked for. */
    MODEL,
    /** The same one for the same conversation. */
    PREFIX
  }

  /**
   * Models by other names.
   *
   * @param aliases by the name that clients use
   * @param otherwise for one that nobody serves, or none; a model or an alias
   */
  public record Names(Map<String, String> aliases, Optional<String> otherwise) {
    public static final Names NONE = new Names(Map.of(), Optional.empty());

    public Names {
      aliases = Collections.unmodifiableMap(new LinkedHashMap<>(aliases));
    }

    /** What a name stands for: another one, or itself. */
    public String meant(String name) {
      return aliases.getOrDefault(name, name);
    }
  }

  /** What a {@code chash} goes by. */
  public enum HashOn {
    /** A variable of the request. */
    VARS,
    HEADER,
    COOKIE,
    CONSUMER,
    /** A text with several variables in it. */
    VARS_COMBINATIONS
  }

  /**
   * When another instance is asked.
   *
   * @param on429 if one says that it has had enough
   * @param on5xx if one fails, or cannot be reached
   * @param statuses if one answers with any of these, 400 to 599
   * @param maxRetries how often at most; empty for as long as there are instances
   * @param within only if the failure came this soon; empty for however late
   * @param hold how long a stream may be held back until its first output, since until then another one can be asked
   * @param budgetPercent how many of a hundred requests may be asked again, 0 to 100
   */
  public record Fallback(
      boolean on429,
      boolean on5xx,
      Set<Integer> statuses,
      OptionalInt maxRetries,
      Optional<Duration> within,
      Duration hold,
      int budgetPercent) {
    public Fallback {
      statuses = Set.copyOf(statuses);
    }

    /** Whether any failure leads to another instance. */
    public boolean isOff() {
      return !on429 && !on5xx && statuses.isEmpty();
    }

    /** Whether an answer with that status does. */
    public boolean covers(int status) {
      return (on429 && status == 429) || (on5xx && status >= 500) || statuses.contains(status);
    }
  }
}
