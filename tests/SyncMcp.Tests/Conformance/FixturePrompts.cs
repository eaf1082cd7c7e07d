using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SyncMcp.Tests.Conformance;

/// <summary>The prompts that the suites expect.</summary>
internal static class FixturePrompts
{
    public static IReadOnlyList<McpServerPrompt> All { get; } =
    [
        new Fixture("test_simple_prompt", [], _ => [Say("This is a simple prompt for testing.")]),
        new Fixture("test_prompt_with_arguments", ["arg1", "arg2"], request => [Say($"Prompt with arguments: arg1='{Argument(request, "arg1")}', arg2='{Argument(request, "arg2")}'")]),
        new Fixture("test_prompt_with_embedded_resource", ["resourceUri"], request =>
        [
            new EmbeddedResourceBlock { Resource = new TextResourceContents { Uri = Argument(request, "resourceUri"), MimeType = "text/plain", Text = "Embedded resource content for testing." } },
            Say("Please process the embedded resource above."),
        ]),
        new Fixture("test_prompt_with_image", [], _ => [new ImageContentBlock { Data = FixtureTools.Image, MimeType = "image/png" }, Say("Please analyze the image above.")]),
        new Fixture("test_input_required_result_prompt", [], request => request.Params.InputResponses?.ContainsKey("user_context") == true
            ? [Say("Please go on with that context.")]
            : throw FixtureQuestions.Ask(null, ("user_context", FixtureQuestions.Form("context")))),
    ];

    private static TextContentBlock Say(string text) => new() { Text = text };

    private static string Argument(RequestContext<GetPromptRequestParams> request, string name) =>
        request.Params.Arguments?.TryGetValue(name, out var value) == true && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private sealed class Fixture(string name, string[] arguments, Func<RequestContext<GetPromptRequestParams>, ContentBlock[]> content) : McpServerPrompt
    {
        public override Prompt ProtocolPrompt { get; } = new()
        {
            Name = name,
            Description = "A prompt of the conformance suites.",
            Arguments = [.. arguments.Select(argument => new PromptArgument { Name = argument, Description = $"The {argument}.", Required = true })],
        };

        public override IReadOnlyList<object> Metadata { get; } = [];

        public override ValueTask<GetPromptResult> GetAsync(RequestContext<GetPromptRequestParams> request, CancellationToken cancellationToken = default) => new(new GetPromptResult
        {
            Description = ProtocolPrompt.Description,
            Messages = [.. content(request).Select(block => new PromptMessage { Role = Role.User, Content = block })],
        });
    }
}
