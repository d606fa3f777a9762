package io.aiproxy.usage;

import java.util.stream.LongStream;

/**
 * The tokens of one exchange, as its provider counts them. {@link #ABSENT} stands where the provider said nothing: missing is
 * not zero.
 *
 * @param prompt what the model read; whether cached tokens are among it is {@code promptIncludesCache}
 * @param completion what the model wrote, reasoning included unless the provider counts it apart
 * @param total the provider's own sum
 * @param cacheRead prompt tokens read from the provider's cache
 * @param cacheWrite prompt tokens written to it
 * @param reasoning tokens of thought
 */
public record Usage(
    long prompt,
    long completion,
    long total,
    long cacheRead,
    long cacheWrite,
    long reasoning,
    boolean promptIncludesCache) {
  public static final long ABSENT = -1;

  /** The largest count that is believed: what JSON readers everywhere keep exactly. */
  public static final long MOST = 1L << 53;

  public static final Usage NONE = new Usage(ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, true);

  public Usage {
    if (LongStream.of(prompt, completion, total, cacheRead, cacheWrite, reasoning)
        .anyMatch(n -> n < ABSENT || n > MOST)) {
      throw new IllegalArgumentException("not token counts: " + prompt + ", " + completion + ", "
          + total + ", " + cacheRead + ", " + cacheWrite + ", " + reasoning);
    }
  }

  /** A count of prompt and completion alone. */
  public static Usage of(long prompt, long completion) {
    return new Usage(prompt, completion, ABSENT, ABSENT, ABSENT, ABSENT, true);
  }

  public boolean isAbsent() {
    return prompt == ABSENT && completion == ABSENT && total == ABSENT;
  }

  /** Whether nothing was said of what the model wrote: the answer broke off, or says nothing of usage at all. */
  public boolean isUnfinished() {
    return completion == ABSENT && total == ABSENT;
  }

  /** This count, with the other's figures for prompt and completion where it has none. */
  public Usage filledFrom(Usage other) {
    return new Usage(
        prompt == ABSENT ? other.prompt : prompt,
        completion == ABSENT ? other.completion : completion,
        total,
        cacheRead,
        cacheWrite,
        reasoning,
        promptIncludesCache);
  }

  /** A count, or zero where nothing was said. */
  public static long orZero(long count) {
    return Math.max(0, count);
  }

  /** The provider's sum, or the sum of what it said. */
  public long sum() {
    long known = orZero(prompt) + orZero(completion);
    return total == ABSENT ? known : Math.max(total, known);
  }

  /** Prompt tokens that came from no cache and went to none: with the two cache counts it adds up to what was read. */
  public long uncached() {
    long cached = orZero(cacheRead) + orZero(cacheWrite);
    return promptIncludesCache ? Math.max(0, orZero(prompt) - cached) : orZero(prompt);
  }

  /** All that was read, cached tokens included; absent if the provider did not count the prompt. */
  public long promptWithCache() {
    boolean isApart = !promptIncludesCache && prompt != ABSENT;
    return isApart ? prompt + orZero(cacheRead) + orZero(cacheWrite) : prompt;
  }

  /**
   * All that was written, thoughts included; absent if the provider did not count it. Gemini and xAI count thoughts apart:
   * then the provider's sum has room for them beside prompt and completion.
   */
  public long completionWithReasoning() {
    boolean isApart = reasoning > 0
        && completion != ABSENT
        && total - orZero(promptWithCache()) >= completion + reasoning;
    return isApart ? completion + reasoning : completion;
  }
}
