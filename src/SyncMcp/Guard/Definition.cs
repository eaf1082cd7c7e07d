using System.Text.Json.Nodes;

namespace SyncMcp.Guard;

/// <summary>All that decides what a thing does when it runs: its own members, its parts, the endpoints of its connections. A person approves this.</summary>
/// <param name="Kind">What it is: <c>job</c>, or <c>connection</c> for a first contact.</param>
/// <param name="Id">Its id; empty for one that is about to be made.</param>
/// <param name="Name">Its name, for questions only.</param>
/// <param name="Content">What is hashed. Member names are those of the API.</param>
/// <param name="Facts">What belongs to the approval but not to the hash: endpoints in words, tables that a person let it take over.</param>
internal sealed record Definition(string Kind, string Id, string Name, JsonObject Content, JsonObject Facts)
{
    /// <summary>Version of the canonical form and of what it holds; another version is another definition.</summary>
    public const int Version = 1;

    /// <summary>Versioned SHA-256 of the canonical content.</summary>
    public string Hash => field ??= $"v{Version}:{Canonical.Hash(Kind, Canonical.Of(Content))}";

    /// <summary>Existing tables that it writes with a person's consent.</summary>
    public IReadOnlyList<string> Adopted =>
        (Facts["adopted"] as JsonArray)?.OfType<JsonValue>().Select(name => name.ToString()).ToList() ?? [];
}
