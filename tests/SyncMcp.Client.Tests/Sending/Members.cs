using System.Text.Json.Nodes;

namespace SyncMcp.Client.Tests.Sending;

/// <summary>Some request of any operation, and by what it is known at the other end.</summary>
internal static class Members
{
    public static string Last(Endpoint endpoint) => endpoint.Route[(endpoint.Route.LastIndexOf('/') + 1)..] is var last && last.StartsWith('{') ? "x" : last;

    public static JsonObject Of(Endpoint endpoint)
    {
        var members = new JsonObject();
        foreach (var property in endpoint.RequestInfo.Properties.Where(property => property.IsRequired || endpoint.PathMembers.Contains(property.Name)))
            members[property.Name] = property.PropertyType == typeof(int) ? 1 : "x";
        if (endpoint.Kind == Kind.Update)
            members[endpoint.RequestInfo.Properties.Any(property => property.Name == "name") ? "name" : "email_address"] = "new";
        return members;
    }
}
