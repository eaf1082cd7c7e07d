using Microsoft.Data.Sqlite;
using SyncMcp.Engine;

namespace SyncMcp.Guard;

/// <summary>
/// Which data directory was filled here. One that came from elsewhere (a repository can bring it, and the setting that names it) may hold schedules and
/// waiting runs that nobody on this computer approved; they stay still until the operator takes the directory over.
/// </summary>
internal sealed class KnownDirectories(ServerOptions options)
{
    private const string Fact = "directory";
    private const string Held = "held";
    private const string Next = "next";

    private readonly StateStore store = new(new(options.OperatorFolder), options.Time);
    private readonly string origin = GuardParts.Origin(options with { Server = null });

    /// <summary>The last engine that started on it let nothing run by itself.</summary>
    public bool IsHeld => store.Read(session => session.Fact(origin, Fact)) == Held;

    /// <summary>
    /// Answers the engine. A directory in which nothing waits is taken for ours: from then on nothing gets armed in it but past the guard. Its token tells it
    /// from another that is put in its place.
    /// </summary>
    public bool MayRunByItself(Provenance found)
    {
        try
        {
            return store.Write(session =>
            {
                var (known, mark) = (session.Fact(origin, Fact), Canonical.Hash(Fact, found.Token));
                if (known == mark)
                    return true;
                var ours = !found.HasWork || known == Next;
                session.Keep(origin, Fact, ours ? mark : Held);
                return ours;
            });
        }
        catch (Exception ex) when (ex is SqliteException or IOException or UnauthorizedAccessException)
        {
            Log.Error("The operator's folder cannot be read, so nothing runs by itself", ex);
            return false;
        }
    }

    /// <summary>The operator has looked at what it holds: the next engine that starts on it lets it run.</summary>
    public void TakeOver() => store.Write(session =>
    {
        session.Keep(origin, Fact, Next);
        return true;
    });
}
