using SyncMcp.Client;
using SyncMcp.Engine.Api;

namespace SyncMcp.Engine.Workspaces;

/// <summary>Which thing of a workspace a reference means: the one with the id, else the one with the name.</summary>
/// <param name="Kind">What it is: connection, job, transformation, event.</param>
/// <param name="Here">Those that may be meant.</param>
/// <param name="WorkspaceOf">The workspace of one that lies elsewhere, by id; null where there is none at all.</param>
/// <param name="Place">Where they lie, for messages.</param>
internal sealed record ReferenceChoice(string Kind, IReadOnlyList<Reference> Here, Func<string, string?> WorkspaceOf, string Place = "this workspace")
{
    /// <summary>Its id.</summary>
    /// <param name="reference">What the caller gave.</param>
    /// <param name="member">The member that holds it, for messages.</param>
    /// <exception cref="ApiException">400: there is none, it lies in another workspace, or the name fits several.</exception>
    public string Of(Reference? reference, string member)
    {
        if (reference is null || (reference.Id is null && reference.Name is null))
            throw ApiException.Invalid($"`{member}` is required: the id or name of a {Kind}.");
        if (reference.Id is { } id)
        {
            if (Here.Any(thing => thing.Id == id))
                return id;
            if (WorkspaceOf(id) is { } other)
                throw ApiException.Invalid($"`{member}`: {Kind} {ApiException.Quote(id)} belongs to the workspace {other}; only what lies in the same workspace can be used.", "wrong_workspace");
            throw Unknown(member, $"no {Kind} with the id `{ApiException.Quote(id)}`", id);
        }

        var name = reference.Name!;
        var named = Here.Where(thing => thing.Name == name).ToList();
        if (named.Count == 0)
            named = [.. Here.Where(thing => string.Equals(thing.Name, name, StringComparison.OrdinalIgnoreCase))];
        return named switch
        {
            [var one] => one.Id!,
            [] => throw Unknown(member, $"no {Kind} named `{ApiException.Quote(name)}`", name),
            _ => throw ApiException.Invalid($"`{member}`: {named.Count} {Kind}s are named `{ApiException.Quote(name)}` but for case. Use an id: {string.Join(", ", named.Select(one => one.Id))}.", "ambiguous_name"),
        };
    }

    private ApiException Unknown(string member, string what, string wanted) => ApiException.Invalid(
        Here.Count == 0
            ? $"`{member}`: {Place} has {what}; it has none at all. Create one (create_{Kind})."
            : $"`{member}`: {Place} has {what}.{Nearest.Hint(wanted, [.. Here.Select(thing => thing.Name!)])}",
        $"unknown_{Kind}");
}
