using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SyncMcp.Tests.Conformance;

/// <summary>The resources that the suites expect.</summary>
internal static class FixtureResources
{
    public static IReadOnlyList<McpServerResource> All { get; } =
    [
        McpServerResource.Create(() => "This is the content of the static text resource.", Named("test://static-text", "Static text", "text/plain")),
        McpServerResource.Create(() => new BlobResourceContents { Uri = "test://static-binary", MimeType = "image/png", Blob = FixtureTools.Image }, Named("test://static-binary", "Static image", "image/png")),
        McpServerResource.Create(
            (string id) => new TextResourceContents { Uri = $"test://template/{id}/data", MimeType = "application/json", Text = $$"""{"id":"{{id}}","templateTest":true,"data":"Data for ID: {{id}}"}""" },
            Named("test://template/{id}/data", "Template", "application/json")),
        McpServerResource.Create(() => "Watched resource content", Named("test://watched-resource", "Watched", "text/plain")),
    ];

    private static McpServerResourceCreateOptions Named(string uri, string name, string type) =>
        new() { UriTemplate = uri, Name = name, MimeType = type, Description = $"{name}: a resource of the conformance suites." };
}
