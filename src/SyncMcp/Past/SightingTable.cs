using System.Text.Json.Nodes;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.Past;

/// <summary>What is known of a thing's newest sighting, small enough to keep in memory.</summary>
internal readonly record struct Head(string Hash, DateTimeOffset? Updated, DateTimeOffset Last);

/// <summary>Sightings in the state store, each principal's of each server its own: what one may read is not shown to another. Sealed, because SQL and scripts are in them.</summary>
internal sealed class SightingTable(StateStore store, string origin, string principal)
{
    /// <summary>Versions that are kept of a thing.</summary>
    public const int MostVersions = 20;

    private const int MostRows = 50_000;
    private const long Life = 90L * 24 * 60 * 60 * 1000;

    /// <summary>The newest sighting of everything.</summary>
    public Dictionary<(string Kind, string Id), Head> Heads() => store.Read(session => session.Query(
        """
        SELECT kind, id, hash, updated, last FROM sighting s WHERE origin = @origin AND principal = @principal
          AND first = (SELECT max(first) FROM sighting t WHERE t.origin = s.origin AND t.principal = s.principal AND t.kind = s.kind AND t.id = s.id)
        """,
        row => (Key: (row.GetString(0), row.GetString(1)), Head: new Head(row.GetString(2), row.IsDBNull(3) ? null : Time(row.GetInt64(3)), Time(row.GetInt64(4)))),
        ("@origin", origin), ("@principal", principal))).ToDictionary(one => one.Key, one => one.Head);

    /// <summary>Keeps what was seen: what is new gets a row, what is as it was is marked as seen again.</summary>
    public void Keep(IReadOnlyList<(string Kind, string Id, string Hash, JsonObject? Body, DateTimeOffset? Updated)> seen) => store.Write(session =>
    {
        var now = store.Now;
        foreach (var (kind, id, hash, body, updated) in seen)
        {
            if (body is null)
            {
                session.Execute(
                    "UPDATE sighting SET last = @now, updated = coalesce(@updated, updated) WHERE origin = @origin AND principal = @principal AND kind = @kind AND id = @id AND hash = @hash AND first = (SELECT max(first) FROM sighting WHERE origin = @origin AND principal = @principal AND kind = @kind AND id = @id)",
                    ("@now", now), ("@updated", updated?.ToUnixTimeMilliseconds()), ("@origin", origin), ("@principal", principal), ("@kind", kind), ("@id", id), ("@hash", hash));
                continue;
            }

            session.Execute(
                "INSERT OR REPLACE INTO sighting (origin, principal, kind, id, first, last, updated, hash, body) VALUES (@origin, @principal, @kind, @id, @now, @now, @updated, @hash, @body)",
                ("@origin", origin), ("@principal", principal), ("@kind", kind), ("@id", id), ("@now", now), ("@updated", updated?.ToUnixTimeMilliseconds()), ("@hash", hash),
                ("@body", store.Sealing.Seal(body.ToJsonString(Budget.Json), Bound(kind, id))));
            session.Execute(
                "DELETE FROM sighting WHERE origin = @origin AND principal = @principal AND kind = @kind AND id = @id AND first <= (SELECT first FROM sighting WHERE origin = @origin AND principal = @principal AND kind = @kind AND id = @id ORDER BY first DESC LIMIT 1 OFFSET @most)",
                ("@origin", origin), ("@principal", principal), ("@kind", kind), ("@id", id), ("@most", MostVersions));
        }

        return 0;
    });

    /// <summary>Forgets what has not been seen for long, and the oldest where there are too many.</summary>
    public void Tidy() => store.Write(session =>
    {
        session.Execute("DELETE FROM sighting WHERE last < @old", ("@old", store.Now - Life));
        return session.Execute(
            "DELETE FROM sighting WHERE origin = @origin AND principal = @principal AND last <= (SELECT last FROM sighting WHERE origin = @origin AND principal = @principal ORDER BY last DESC LIMIT 1 OFFSET @most)",
            ("@origin", origin), ("@principal", principal), ("@most", MostRows));
    });

    /// <summary>All sightings of a thing, oldest first.</summary>
    public List<Sighting> Of(string kind, string id) => store.Read(session => session.Query(
        "SELECT kind, id, body, updated, first, last FROM sighting WHERE origin = @origin AND principal = @principal AND kind = @kind AND id = @id ORDER BY first", Read,
        ("@origin", origin), ("@principal", principal), ("@kind", kind), ("@id", id))).OfType<Sighting>().ToList();

    /// <summary>The newest sighting of each thing of a kind.</summary>
    public List<Sighting> Newest(string kind) => store.Read(session => session.Query(
        """
        SELECT kind, id, body, updated, first, last FROM sighting s WHERE origin = @origin AND principal = @principal AND kind = @kind
          AND first = (SELECT max(first) FROM sighting t WHERE t.origin = s.origin AND t.principal = s.principal AND t.kind = s.kind AND t.id = s.id)
        """, Read, ("@origin", origin), ("@principal", principal), ("@kind", kind))).OfType<Sighting>().ToList();

    // What other hands wrote does not open, and counts as nothing seen.
    private Sighting? Read(Microsoft.Data.Sqlite.SqliteDataReader row)
    {
        var (kind, id) = (row.GetString(0), row.GetString(1));
        return store.Sealing.TryOpen(row.GetString(2), Bound(kind, id)) is { } text && JsonNode.Parse(text) is JsonObject body
            ? new(kind, id, body, row.IsDBNull(3) ? null : Time(row.GetInt64(3)), Time(row.GetInt64(4)), Time(row.GetInt64(5)))
            : null;
    }

    private string Bound(string kind, string id) => $"sighting {origin} {principal} {kind} {id}";

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
