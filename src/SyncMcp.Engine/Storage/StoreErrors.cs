using Microsoft.Data.Sqlite;
using SyncMcp.Engine.Api;

namespace SyncMcp.Engine.Storage;

/// <summary>What a failure of the store means to the caller, and what to do about it.</summary>
internal static class StoreErrors
{
    // Result codes: https://www.sqlite.org/rescode.html
    private const int Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    /// <summary>The refusal that says it.</summary>
    public static ApiException Explain(SqliteException error) => error.SqliteErrorCode switch
    {
        Full => new(507, "disk_full", "The engine's disk is full; nothing was changed. Free some space and ask again.", error),
        ReadOnly => new(503, "store_readonly", "The engine's store is read-only; nothing was changed. Check the permissions of the data directory.", error),
        Busy or Locked => new(503, "store_busy", "Another program holds the engine's store; nothing was changed. Ask again in a moment.", error),
        CannotOpen => new(503, "store_unavailable", "The engine's store cannot be opened; check that the data directory is there and may be written.", error),
        InputOutput => new(503, "store_unavailable", "The engine's disk fails, or is full; nothing was changed. Check the disk of the data directory.", error),
        Corrupt or NotADatabase => new(500, "store_corrupt", "The engine's store is damaged or not a SQLite database. Restore engine.db from a backup.", error),
        _ => new(500, "store_failed", "The engine's store failed; nothing was changed. The engine's log says more.", error),
    };
}
