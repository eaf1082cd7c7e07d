namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>
/// Up to when everything that was written can be seen: a transaction that is still open may commit rows stamped at any time since it began. A high mark above its beginning would hide them for ever.
/// </summary>
/// <param name="AtGreenwich">The time at Greenwich, as the server writes a timestamp.</param>
/// <param name="Local">The same on the clock of the server's own time zone.</param>
/// <param name="NowAtGreenwich">The present time at Greenwich.</param>
/// <param name="NowLocal">The present time on the server's clock.</param>
internal sealed record OpenTransactions(string AtGreenwich, string Local, string NowAtGreenwich, string NowLocal)
{
    // Asked in a statement of its own, before the rows: a statement sees transactions as they are while it runs and rows as they were when it began. Prepared transactions tell when they were
    // prepared; they began before. Server processes that clean up write no rows.
    private const string Oldest = """
        SELECT coalesce(min(began), clock_timestamp()) AS bound, clock_timestamp() AS now FROM (
          SELECT xact_start AS began FROM pg_catalog.pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND backend_type NOT IN ('autovacuum worker', 'walsender')
          UNION ALL SELECT prepared - interval '1 minute' FROM pg_catalog.pg_prepared_xacts WHERE database = current_database()) AS open
        """;

    // Of other users only the server's statistics group may see this.
    private const string Clock = "SELECT clock_timestamp() AS bound, clock_timestamp() AS now";

    /// <summary>Asks the server. Where it does not show what others do, the bound is the present time, and the overlap has to do.</summary>
    public static OpenTransactions Read(Session session) => session.Query(
        $"SELECT (bound AT TIME ZONE 'UTC')::text, (bound AT TIME ZONE $1)::text, (now AT TIME ZONE 'UTC')::text, (now AT TIME ZONE $1)::text FROM ({(session.SeesOthers ? Oldest : Clock)}) AS times",
        row => new OpenTransactions(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)),
        session.Zone).Single();

    /// <summary>The lower of a mark and the bound. Texts of times of the years 1 to 9999 sort as the times do.</summary>
    public string Bound(string mark, Wire wire)
    {
        if (wire == Wire.TimestampTz)
            return Lower(mark, AtGreenwich + "+00");
        // A column without a zone does not say whose clock it holds. A mark later than it is somewhere cannot be from there; of the clocks that are left the slower is safe.
        var clocks = new[] { (Bound: AtGreenwich, Now: NowAtGreenwich), (Bound: Local, Now: NowLocal) }.Where(clock => string.CompareOrdinal(mark, Cut(clock.Now, wire)) <= 0).Select(clock => clock.Bound).ToList();
        var bound = (clocks.Count == 0 ? [AtGreenwich, Local] : clocks).Min(StringComparer.Ordinal)!;
        return Lower(mark, Cut(bound, wire));
    }

    private static string Cut(string time, Wire wire) => wire == Wire.Date ? time[..10] : time;

    private static string Lower(string mark, string bound) => string.CompareOrdinal(mark, bound) <= 0 ? mark : bound;
}
