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
 * @param choosing who is asked first
 * @param fallback when another one is asked
 * @param again when one is asked again that has failed
 * @param hedging when a second one is asked before the first one has failed; empty if never
 */
public record Balancing(
    Choosing choosing, Fallback fallback, Again again, Optional<Hedging> hedging) {
  /** One that asks nobody again, and nobody beside another. */
  public Balancing(Choosing choosing, Fallback fallback) {
    this(choosing, fallback, Again.NEVER, Optional.empty());
  }

  /** Whether a request may be asked more than once, so that its reply must be held back until it is worth to be passed on. */
  public boolean holds() {
    return !fallback.isOff() || again.times() > 0 || hedging.isPresent();
  }

  /**
   * Who is asked first.
   *
   * @param hashOn where the algorithm {@code chash} finds what it goes by
   * @param key what it is called there; empty if that says it all
   * @param factor how much of its fair share one gets at most by a hash, in percent, at least 100; empty for the algorithm's own
   * @param names what the algorithm {@code model} makes of the models that clients ask for
   * @param semantic how the algorithm {@code semantic} knows; empty for others
   */
  public record Choosing(
      Algorithm algorithm,
      HashOn hashOn,
      String key,
      OptionalInt factor,
      Names names,
      Optional<Semantic> semantic) {
    /** By an algorithm that has to be told nothing more. */
    public static Choosing by(Algorithm algorithm) {
      return new Choosing(
          algorithm, HashOn.VARS, "", OptionalInt.empty(), Names.NONE, Optional.empty());
    }
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
    PREFIX,
    /** The one whose examples are most like the prompt. */
    SEMANTIC
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

  /**
   * When an instance is asked again that has failed in a way that may pass: after all others that may be asked, and after a
   * while.
   *
   * @param times how often, each instance; 0 for never
   * @param longestWait how long to wait for it at most; one that wants to be left alone for longer is not asked again
   */
  public record Again(int times, Duration longestWait) {
    public static final Again NEVER = new Again(0, Duration.ZERO);
  }

  /**
   * When a second instance is asked although the first one has not failed.
   *
   * @param after when nothing of an answer is there after this time; empty for the time within which 95 of 100 answers of the
   *     fastest instance begin
   * @param budgetPercent for how many of a hundred requests at most, 0 to 100
   */
  public record Hedging(Optional<Duration> after, int budgetPercent) {}
}
