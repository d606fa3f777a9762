package io.aiproxy.servlet;

import io.aiproxy.ledger.Ledger;
import io.aiproxy.ledger.Ticker;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where the bytes leave for the client. For one thread at a time. */
final class Outlet {
  /** As much as an event of most streams has, in bytes. */
  private static final int EVENT = 512;

  private static final int MOST_GATHERED = 16 * 1024;

  private final ServletResponse response;
  private final Ledger ledger;
  private final Ticker ticker;
  private @Nullable ServletOutputStream unblocked;
  private @Nullable ByteArrayOutputStream gathered;
  private @Nullable IOException gone;
  private boolean unflushed;
  private long flushed;

  Outlet(ServletResponse response, Ledger ledger, Ticker ticker) {
    this.response = response;
    this.ledger = ledger;
    this.ticker = ticker;
  }

  /** The client hears nothing from now on, as far as its time is counted. */
  void begin() {
    flushed = ticker.nanos();
  }

  /**
   * From now on nothing waits here: what is written is gathered until it is flushed, and then is the container's to send.
   *
   * @param listener is told by the container, on its threads, when {@link #takes} has become true again
   */
  void unblock(WriteListener listener) throws IOException {
    ServletOutputStream out = response.getOutputStream();
    out.setWriteListener(listener);
    unblocked = out;
  }

  /** Whether there is nothing to wait for before more is written. */
  boolean takes() {
    return unblocked == null || unblocked.isReady();
  }

  /** Does not throw, since it is called by the steps of a body: what they hold of the upstream they are to read to its end. */
  void write(byte[] bytes, int offset, int length) {
    if (gone != null) {
      return;
    }
    try {
      if (unblocked == null) {
        response.getOutputStream().write(bytes, offset, length);
      } else {
        gather(bytes, offset, length);
      }
      unflushed = true;
      ledger.sent(length);
    } catch (IOException failure) {
      gone = failure;
    }
  }

  private void gather(byte[] bytes, int offset, int length) {
    ByteArrayOutputStream gathering = gathered;
    if (gathering == null) {
      gathering = new ByteArrayOutputStream(Math.max(length, EVENT));
      gathered = gathering;
    }
    gathering.write(bytes, offset, length);
  }

  /** @throws ClientGone if the client was found to be gone */
  void requireClient() {
    if (gone != null) {
      throw new ClientGone(gone);
    }
  }

  /** Whether something was written since the last flush. */
  boolean isUnflushed() {
    return unflushed;
  }

  /** Whether what was written is to wait no longer. */
  boolean isFlushDue(Duration interval) {
    return isSilentFor(interval) || (gathered != null && gathered.size() >= MOST_GATHERED);
  }

  /** Whether the last flush was so long ago, or longer. */
  boolean isSilentFor(Duration time) {
    return ticker.nanos() - flushed >= time.toNanos();
  }

  /**
   * Sends what was written.
   *
   * @throws ClientGone if the client was found to be gone
   */
  void flush() {
    requireClient();
    try {
      if (unblocked == null) {
        response.getOutputStream().flush();
        unflushed = false;
      } else {
        unflushed = !hand(unblocked);
      }
      flushed = ticker.nanos();
    } catch (IOException failure) {
      throw new ClientGone(failure);
    }
  }

  /** Whether all of it is on its way; else the container has to be asked again when it is ready. */
  private boolean hand(ServletOutputStream out) throws IOException {
    ByteArrayOutputStream gathering = gathered;
    if (gathering != null) {
      gathered = null;
      out.write(gathering.toByteArray()); // the container's until it is ready again
    }
    if (!out.isReady()) {
      return false;
    }
    out.flush();
    return true;
  }

  /** Lets the client have its end. */
  void close() throws IOException {
    response.getOutputStream().close();
  }
}
