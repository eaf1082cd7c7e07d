using System.Text.Json.Nodes;
using CsCheck;
using SyncMcp.Client;
using SyncMcp.Filters;

namespace SyncMcp.Tests.Filters;

public sealed class CursorTests
{
    [Fact]
    public void A_cursor_goes_on_where_it_was_given()
    {
        var given = Page.Cursor(Call("list_jobs", "{}"), 25);
        var member = Page.Cursor(Call("get_job", """{"job_id":"a"}"""), 7_000, "/events/pre_job");

        Assert.Equal(new Page(25, 200), Page.Of(Call("list_jobs", "{}", given, limit: 200)));
        Assert.Equal(new Page(7_000, 25, "/events/pre_job"), Page.Of(Call("get_job", """{"job_id":"a"}""", member)));
    }

    [Theory]
    [InlineData("list_connections", """{"workspace_id":"w"}""")]
    [InlineData("list_jobs", """{"workspace_id":"v"}""")]
    [InlineData("list_jobs", "{}")]
    public void A_cursor_of_another_call_is_refused(string tool, string arguments)
    {
        var given = Page.Cursor(Call("list_jobs", """{"workspace_id":"w"}"""), 25);

        Assert.Equal("invalid_cursor", Assert.Throws<ToolException>(() => Page.Of(Call(tool, arguments, given))).Error.Code);
    }

    [Fact]
    public void Paging_itself_does_not_bind_a_cursor() =>
        Assert.Equal(25, Page.Of(Call("list_jobs", """{"limit":3,"offset":9}""", Page.Cursor(Call("list_jobs", "{}"), 25))).Offset);

    [Fact]
    public void A_bent_cursor_is_refused_whatever_it_is()
    {
        var given = Page.Cursor(Call("list_jobs", "{}"), 25);
        Gen.Select(Gen.String, Gen.Int[0, given.Length - 1], Gen.Char).Sample((text, at, character) =>
        {
            foreach (var bent in new[] { text, given[..at], given[..at] + character + given[(at + 1)..] })
            {
                if (bent == given)
                    continue;
                try
                {
                    // Base64 has spellings that mean the same bytes: then it is the cursor that was given.
                    Assert.Equal(25, Page.Of(Call("list_jobs", "{}", bent)).Offset);
                }
                catch (ToolException ex)
                {
                    Assert.Equal("invalid_cursor", ex.Error.Code);
                }
            }
        });
    }

    [Fact]
    public void An_offset_cannot_be_forged_by_hand()
    {
        var forged = System.Buffers.Text.Base64Url.EncodeToString("999\n\n0000000000000000"u8);

        Assert.Equal("invalid_cursor", Assert.Throws<ToolException>(() => Page.Of(Call("list_jobs", "{}", forged))).Error.Code);
    }

    private static Call Call(string tool, string arguments, string? cursor = null, int? limit = null) => new()
    {
        Mcp = null!,
        Tool = tool,
        Endpoint = Catalogue.Find(tool),
        Arguments = JsonNode.Parse(arguments)!.AsObject(),
        Controls = new() { Cursor = cursor, Limit = limit },
    };
}
