namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>
/// A journal beside a database that somebody left in the middle of a transaction. SQLite rolls it back when the file is opened for writing; where it names the
/// journal of a transaction over several files, it deletes that one then, wherever it lies: a file that came from elsewhere could name any.
/// </summary>
internal static class Journal
{
    // The last bytes of a journal that names another: https://www.sqlite.org/fileformat.html, pager.c (readSuperJournal).
    private static ReadOnlySpan<byte> Mark => [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

    /// <summary>Refuses a database whose journal names another file.</summary>
    /// <exception cref="ReplicationException">Code <c>journal_foreign</c>.</exception>
    public static void RequireOwn(string database)
    {
        try
        {
            using var file = File.OpenHandle(database + "-journal");
            Span<byte> end = stackalloc byte[8];
            if (RandomAccess.GetLength(file) < end.Length || RandomAccess.Read(file, end, RandomAccess.GetLength(file) - end.Length) < end.Length || !end.SequenceEqual(Mark))
                return;
        }
        catch (FileNotFoundException)
        {
            return;
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }

        throw new ReplicationException("journal_foreign",
            $"{database} was left in the middle of a transaction over several files. Open it once with the program that wrote it, which ends the transaction, and run again.");
    }
}
