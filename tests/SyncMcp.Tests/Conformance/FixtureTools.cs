#pragma warning disable MCP9001, MCP9005 // what the suites of the older revisions want, the newest one calls obsolete
using System.Text;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SyncMcp.Tests.Conformance;

/// <summary>The tools of suite 0.1.16 (reference: `conformance list`), and the diagnostic ones of 2026-07-28.</summary>
internal static class FixtureTools
{
    /// <summary>A red pixel, a silent sound: base64, as the protocol carries them.</summary>
    public static readonly byte[] Image = Encoding.UTF8.GetBytes("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");

    private static readonly byte[] Sound = Encoding.UTF8.GetBytes("UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=");
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static IReadOnlyList<McpServerTool> All { get; } =
    [
        Plain("test_simple_text", "Answers with a text.", _ => Text("This is a simple text response for testing.")),
        Plain("test_image_content", "Answers with an image.", _ => new ImageContentBlock { Data = Image, MimeType = "image/png" }),
        Plain("test_audio_content", "Answers with a sound.", _ => new AudioContentBlock { Data = Sound, MimeType = "audio/wav" }),
        Plain("test_embedded_resource", "Answers with a resource.", _ => Embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")),
        new FixtureTool("test_multiple_content_types", "Answers with a text, an image and a resource.", (_, _) => new(new CallToolResult
        {
            Content =
            [
                Text("Multiple content types test:"), new ImageContentBlock { Data = Image, MimeType = "image/png" },
                Embedded("test://mixed-content-resource", "application/json", """{"test":"data","value":123}"""),
            ],
        })),
        new FixtureTool("test_tool_with_logging", "Logs to the client while it runs.", async (request, ct) =>
        {
            foreach (var line in (string[])["Tool execution started", "Tool processing data", "Tool execution completed"])
            {
                await LogAsync(request.Server, line, ct);
                await Task.Delay(Pause, ct);
            }

            return Result("Tool with logging executed successfully");
        }),
        new FixtureTool("test_tool_with_progress", "Tells its progress.", async (request, ct) =>
        {
            if (request.Params.ProgressToken is { } token)
            {
                foreach (var done in (int[])[0, 50, 100])
                {
                    await request.Server.NotifyProgressAsync(token, new() { Progress = done, Total = 100 }, cancellationToken: ct);
                    await Task.Delay(Pause, ct);
                }
            }

            return Result("done");
        }),
        new FixtureTool("test_error_handling", "Fails.", (_, _) => new(new CallToolResult { IsError = true, Content = [Text("This tool intentionally returns an error for testing")] })),
        new FixtureTool("test_sampling", "Asks the client's model.", async (request, ct) =>
        {
            var answer = await request.Server.SampleAsync(new CreateMessageRequestParams { Messages = [new() { Role = Role.User, Content = [Text(Argument(request, "prompt"))] }], MaxTokens = 100 }, ct);
            return Result($"Sampling result: {answer.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text}");
        }, """{"type":"object","properties":{"prompt":{"type":"string"}},"required":["prompt"]}"""),
        Asking("test_elicitation", request => Argument(request, "message"), new() { ["response"] = new ElicitRequestParams.StringSchema { Description = "The person's response" } },
            """{"type":"object","properties":{"message":{"type":"string"}},"required":["message"]}"""),
        Asking("test_elicitation_sep1034_defaults", _ => "Values that begin with a default", new()
        {
            ["name"] = new ElicitRequestParams.StringSchema { Default = "John Doe" },
            ["age"] = new ElicitRequestParams.NumberSchema { Type = "integer", Default = 30 },
            ["score"] = new ElicitRequestParams.NumberSchema { Default = 95.5 },
            ["status"] = new ElicitRequestParams.UntitledSingleSelectEnumSchema { Enum = ["active", "inactive", "pending"], Default = "active" },
            ["verified"] = new ElicitRequestParams.BooleanSchema { Default = true },
        }),
        Asking("test_elicitation_sep1330_enums", _ => "Choices in all their forms", new()
        {
            ["untitledSingle"] = new ElicitRequestParams.UntitledSingleSelectEnumSchema { Enum = ["option1", "option2", "option3"] },
            ["titledSingle"] = new ElicitRequestParams.TitledSingleSelectEnumSchema { OneOf = Titled() },
            ["legacyEnum"] = new ElicitRequestParams.LegacyTitledEnumSchema { Enum = ["opt1", "opt2", "opt3"], EnumNames = ["Option One", "Option Two", "Option Three"] },
            ["untitledMulti"] = new ElicitRequestParams.UntitledMultiSelectEnumSchema { Items = new() { Enum = ["option1", "option2", "option3"] } },
            ["titledMulti"] = new ElicitRequestParams.TitledMultiSelectEnumSchema { Items = new() { AnyOf = Titled() } },
        }),
        Plain("test_reconnection", "Its stream is closed before its answer.", _ => Text("Reconnection test completed successfully")),
        new FixtureTool("json_schema_2020_12_tool", "Has a schema with all that 2020-12 brings.", (_, _) => new(Result("done")),
            """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
              "$defs": { "address": { "$anchor": "addressDef", "type": "object", "properties": { "street": { "type": "string" }, "city": { "type": "string" } } } },
              "properties": {
                "name": { "type": "string" }, "address": { "$ref": "#/$defs/address" },
                "contactMethod": { "type": "string", "enum": ["phone", "email"] }, "phone": { "type": "string" }, "email": { "type": "string" }
              },
              "allOf": [{ "anyOf": [{ "required": ["phone"] }, { "required": ["email"] }] }],
              "if": { "properties": { "contactMethod": { "const": "phone" } }, "required": ["contactMethod"] },
              "then": { "required": ["phone"] }, "else": { "required": ["email"] },
              "additionalProperties": false
            }
            """),
        new FixtureTool("test_header_tool", "Takes an argument that travels in a header too.", (_, _) => new(Result("done")),
            """{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},"query":{"type":"string"}},"required":["region","query"]}"""),
        new FixtureTool("test_missing_capability", "Needs a client that samples.", (request, _) => request.Server.ClientCapabilities?.Sampling is not null
            ? new(Result("done"))
            : throw new MissingRequiredClientCapabilityException(new ClientCapabilities { Sampling = new() }, "sampling is needed and was not declared")),
        Plain("test_streaming_elicitation", "Answers with nothing but its result.", _ => Text("result frames only")),
        new FixtureTool("test_logging_tool", "Would log if the client had asked for it.", async (request, ct) =>
        {
            if (request.Params.Meta?["io.modelcontextprotocol/logLevel"] is not null)
                await LogAsync(request.Server, "logged", ct);
            return Result("done");
        }),
        .. FixtureQuestions.All,
    ];

    /// <summary>A text as a result.</summary>
    public static CallToolResult Result(string text) => new() { Content = [Text(text)] };

    private static FixtureTool Plain(string name, string description, Func<RequestContext<CallToolRequestParams>, ContentBlock> content) =>
        new(name, description, (request, _) => new(new CallToolResult { Content = [content(request)] }));

    private static FixtureTool Asking(string name, Func<RequestContext<CallToolRequestParams>, string> message, Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition> form, string schema = """{"type":"object"}""") =>
        new(name, "Asks the person.", async (request, ct) =>
        {
            var answer = await request.Server.ElicitAsync(new ElicitRequestParams { Message = message(request), RequestedSchema = new() { Properties = form } }, ct);
            return Result($"Elicitation completed: action={answer.Action}, content={JsonSerializer.Serialize(answer.Content)}");
        }, schema);

    private static TextContentBlock Text(string text) => new() { Text = text };

    private static EmbeddedResourceBlock Embedded(string uri, string type, string text) => new() { Resource = new TextResourceContents { Uri = uri, MimeType = type, Text = text } };

    private static List<ElicitRequestParams.EnumSchemaOption> Titled() => [new() { Const = "value1", Title = "First" }, new() { Const = "value2", Title = "Second" }, new() { Const = "value3", Title = "Third" }];

    private static string Argument(RequestContext<CallToolRequestParams> request, string name) => request.Params.Arguments?[name].GetString() ?? "";

    private static Task LogAsync(McpServer server, string line, CancellationToken ct) => server.SendNotificationAsync(
        NotificationMethods.LoggingMessageNotification,
        new LoggingMessageNotificationParams { Level = LoggingLevel.Info, Logger = "fixture", Data = JsonSerializer.SerializeToElement(line) },
        McpJsonUtilities.DefaultOptions, ct);
}
