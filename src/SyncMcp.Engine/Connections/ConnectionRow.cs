using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Json;

namespace SyncMcp.Engine.Connections;

/// <summary>A row of the table <c>connection</c>.</summary>
internal sealed record ConnectionRow
{
    public required string Id { get; init; }

    public required string WorkspaceId { get; init; }

    /// <summary>What users set, as it is shown: each secret property stands in it as the mask.</summary>
    public required JsonObject Document { get; init; }

    /// <summary>The secret properties, sealed; null where there are none.</summary>
    public string? Secrets { get; init; }

    public string? State { get; init; }

    public DateTimeOffset? LastTestedAt { get; init; }

    /// <summary>Counts changes of the document and its secrets, never tests.</summary>
    public long Version { get; init; } = 1;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public string Name => (string)Document["name"]!;

    public string Connector => (string)Document["connector"]!;

    public JsonObject Properties => Document["properties"] as JsonObject ?? [];

    public string? Verbosity => (string?)Document["settings"]?["logfile_verbosity"];

    /// <summary>The connection as the API shows it.</summary>
    public Connection Shown(Reference workspace)
    {
        var document = Document.DeepClone().AsObject();
        document["id"] = Id;
        return document.Deserialize(SyncJson.Info<Connection>())! with
        {
            State = State,
            LastTestedAt = LastTestedAt,
            Workspace = workspace,
            CreatedAt = CreatedAt,
            UpdatedAt = UpdatedAt,
            Permissions = new() { CanUpdate = true, CanDelete = true },
        };
    }
}
