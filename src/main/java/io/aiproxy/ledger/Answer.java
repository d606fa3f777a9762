package io.aiproxy.ledger;

import io.aiproxy.usage.Usage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What was read of an upstream's answer while it passed. For the one thread of its exchange.
 */
public final class Answer {
  /** The most text that is kept for an estimate or a payload log, in bytes; of longer text the length is known. */
  public static final int MOST_TEXT = 64 * 1024;

  private Usage usage = Usage.NONE;
  private String model = "";
  private String finishReason = "";
  private int toolCalls;
  private boolean output;
  private boolean complete;
  private boolean failed;
  private byte[] text = new byte[0];
  private int textKept;
  private long textLength;

  public Usage usage() {
    return usage;
  }

  /** A later report of the same stream takes the place of an earlier one. */
  public void usage(Usage reported) {
    usage = reported;
  }

  /** Empty if the answer named none. */
  public String model() {
    return model;
  }

  public void model(String name) {
    model = name;
  }

  /** In the provider's words; empty if it gave none. */
  public String finishReason() {
    return finishReason;
  }

  public void finishReason(String reason) {
    finishReason = reason;
  }

  public int toolCalls() {
    return toolCalls;
  }

  public void toolCalls(int count) {
    toolCalls = count;
    output = true;
  }

  /** Whether anything of the model's making has come: text, reasoning or a tool call. */
  public boolean hasOutput() {
    return output;
  }

  public void output() {
    output = true;
  }

  /** Whether the protocol's own end was there. */
  public boolean complete() {
    return complete;
  }

  public void completed() {
    complete = true;
  }

  /** Whether the upstream said in its stream that it failed. */
  public boolean failed() {
    return failed;
  }

  public void failure() {
    failed = true;
  }

  /** Appends what the model wrote, in UTF-8. */
  public void text(byte[] bytes, int offset, int length) {
    output |= length > 0;
    int kept = Math.min(length, MOST_TEXT - textKept);
    if (textKept + kept > text.length) {
      text = Arrays.copyOf(text, Math.min(MOST_TEXT, Math.max(1024, 2 * (textKept + kept))));
    }
    System.arraycopy(bytes, offset, text, textKept, kept);
    textKept += kept;
    textLength += length;
  }

  /** The first {@link #MOST_TEXT} bytes of what the model wrote. */
  public String text() {
    return new String(text, 0, textKept, StandardCharsets.UTF_8);
  }

  /** How much the model wrote, in bytes. */
  public long textLength() {
    return textLength;
  }
}
