package io.aiproxy.neutral;

import io.aiproxy.call.Failure;
import io.aiproxy.usage.Usage;
import java.util.List;

/**
 * A step of an answer that comes while it is made: first {@link Begun}, then for each part {@link Opened}, any number of
 * {@link Grown} and {@link Closed}, then {@link Stopped} for each candidate, {@link Counted} as often as the provider counts,
 * and {@link Ended}. Parts are numbered from 0 within their candidate, in the order in which they open; of a candidate one is
 * open at a time.
 */
public sealed interface Delta {
  /** The answer begins; words that are not known are empty, the time is 0. */
  record Begun(String id, String model, long created) implements Delta {}

  /** A part begins, with what is known of it: nearly always an empty text, or the name of a tool. */
  record Opened(int candidate, int part, Part beginning) implements Delta {}

  /** The open part goes on. */
  record Grown(int candidate, int part, Growth growth, String more) implements Delta {}

  /** What {@code more} is of a part. */
  enum Growth {
    /** Of a text, a thought or a refusal. */
    TEXT,
    /** Of a tool call: a fragment of JSON as it came. */
    ARGUMENTS
  }

  /** The open thought is signed. */
  record Signed(int candidate, int part, Signature signature) implements Delta {}

  /** The open text has something from somewhere. */
  record Cited(int candidate, int part, Citation citation) implements Delta {}

  /** How likely the tokens were of what came last. */
  record Weighed(int candidate, int part, List<Logprob> logprobs) implements Delta {
    public Weighed {
      logprobs = List.copyOf(logprobs);
    }
  }

  /** The open part is whole. */
  record Closed(int candidate, int part) implements Delta {}

  /** The candidate is whole. */
  record Stopped(int candidate, Stop stop) implements Delta {}

  /** What it has cost so far, all parts of it; a later count takes the place of an earlier one. */
  record Counted(Usage usage) implements Delta {}

  /** A sign of life. */
  record Ping() implements Delta {}

  /** The provider says that it failed; nothing follows. */
  record Failed(Failure failure) implements Delta {}

  /** The protocol's own end, or what counts as such where it has none; nothing follows. */
  record Ended() implements Delta {}
}
