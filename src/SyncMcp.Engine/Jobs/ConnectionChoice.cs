using SyncMcp.Client;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Connections;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Jobs;

/// <summary>Which connection a job's reference means: the one with the id, else the one of the workspace with the name.</summary>
internal static class ConnectionChoice
{
    /// <summary>A reference by id, as jobs store it.</summary>
    /// <exception cref="ApiException">400: there is none, it lies in another workspace, or the name fits several.</exception>
    public static Reference Of(StoreSession session, string workspaceId, Reference? reference, string member)
    {
        if (reference is null || (reference.Id is null && reference.Name is null))
            throw ApiException.Invalid($"`{member}` is required: the id or name of a connection.");
        var here = ConnectionTable.ReferencesOf(session, workspaceId);
        if (reference.Id is { } id)
        {
            if (here.Any(connection => connection.Id == id))
                return new() { Id = id };
            if (ConnectionTable.Find(session, id)?.WorkspaceId is { } other)
                throw ApiException.Invalid($"`{member}`: connection {ApiException.Quote(id)} belongs to the workspace {other}; a job uses connections of its own workspace ({workspaceId}).", "wrong_workspace");
            throw Unknown(member, $"no connection with the id `{ApiException.Quote(id)}`", id, here);
        }

        var name = reference.Name!;
        var named = here.Where(connection => connection.Name == name).ToList();
        if (named.Count == 0)
            named = [.. here.Where(connection => string.Equals(connection.Name, name, StringComparison.OrdinalIgnoreCase))];
        return named switch
        {
            [var one] => new() { Id = one.Id },
            [] => throw Unknown(member, $"no connection named `{ApiException.Quote(name)}`", name, here),
            _ => throw ApiException.Invalid($"`{member}`: {named.Count} connections are named `{ApiException.Quote(name)}` but for case. Use an id: {string.Join(", ", named.Select(one => one.Id))}.", "ambiguous_name"),
        };
    }

    private static ApiException Unknown(string member, string what, string wanted, IReadOnlyList<Reference> here) => ApiException.Invalid(
        here.Count == 0
            ? $"`{member}`: this workspace has {what}; it has none at all. Create one (create_connection)."
            : $"`{member}`: this workspace has {what}.{Nearest.Hint(wanted, [.. here.Select(connection => connection.Name!)])}",
        "unknown_connection");
}
