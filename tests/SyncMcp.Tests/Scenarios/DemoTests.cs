using SyncMcp.Commands.Demo;
using SyncMcp.Testing;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>The whole story of the demo, through MCP, with a smaller shop.</summary>
public sealed class DemoTests : IDisposable
{
    private static readonly ShopSize Size = new(20_000);
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_whole_story_is_told_and_every_check_holds()
    {
        var shown = new StringWriter();
        using var playground = Playground.Open(folder["kept"]);
        // A decline in under a second would not count as a person's.
        var stage = new Stage(playground, new(shown, terminal: false), Size, TimeSpan.FromSeconds(1.1));
        var held = await Story.TellAsync(stage, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);

        var text = shown.ToString();
        Assert.True(held, text);
        Assert.DoesNotContain("FAILED", text, StringComparison.Ordinal);
        Assert.Contains($"records_affected is exactly {Size.Changed.Total + Size.Added.Total:N0}", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("the client asks you").Length - 1);
        Assert.Contains("\"mcpServers\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
        Assert.True(File.Exists(playground.Destination));
    }

    [Fact]
    public async Task With_a_server_the_shop_goes_there_too_in_a_schema_that_is_gone_afterwards()
    {
        var (server, database) = await PostgreSql.NewDatabaseAsync("CREATE TABLE mine(id int)");
        var shown = new StringWriter();
        using var playground = Playground.Open(keep: null);
        await using var place = PostgresPlace.Parse($"Server=127.0.0.1;Port={server.Port};Database={database};User={PostgresServer.User};Password={PostgresServer.Password}");
        var stage = new Stage(playground, new(shown, terminal: false), Size, TimeSpan.FromSeconds(1.1)) { Postgres = place };
        var held = await Story.TellAsync(stage, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(120), TestContext.Current.CancellationToken);

        var text = shown.ToString();
        Assert.True(held, text);
        Assert.Contains("orders: 5,603 rows, every value the same on both sides", text, StringComparison.Ordinal);
        Assert.Contains("agreed to, the others declined", text, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, text, StringComparison.Ordinal);
        await using var connection = await server.OpenAsync(database);
        await using var command = new Npgsql.NpgsqlCommand("SELECT count(*) FROM pg_namespace WHERE nspname = 'syncmcp_demo'", connection);
        Assert.Equal(0L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("Server=db;Database=x;Password=c4nary", "User is missing")]
    [InlineData("Server=db;Database=x;User=u;Passwort=c4nary", "\"passwort\" is not known")]
    [InlineData("Server=db;Database=x;User=u;Port=c4nary", "Port or SSL Mode")]
    [InlineData("mysql://u:c4nary@db/x", "cannot be read")]
    [InlineData("postgresql://u:c4nary@db", "Database is missing")]
    [InlineData("c4nary", "cannot be read")]
    public void A_server_that_cannot_be_meant_is_refused_without_an_echo(string text, string why)
    {
        var error = Assert.Throws<SyncMcp.Settings.SettingException>(() => PostgresPlace.Parse(text));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c4nary", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE products SET name = name || ' ' WHERE id = 7")]
    [InlineData("DELETE FROM order_lines WHERE order_id = 1 AND line_no = 1")]
    [InlineData("INSERT INTO order_lines SELECT order_id, line_no + 1000, product_id, quantity, unit_price, discount, updated_at FROM order_lines LIMIT 1")]
    [InlineData("UPDATE customers SET credit_limit = CAST(credit_limit AS TEXT) || '' WHERE id = 1; ALTER TABLE customers ADD COLUMN more TEXT")]
    public void A_difference_between_the_two_sides_fails_the_proof(string change)
    {
        using var playground = Playground.Open(folder["kept"]);
        Shop.Create(playground.Source, Size);
        File.Copy(playground.Source, playground.Destination);
        var screen = new Screen(TextWriter.Null, terminal: false);
        Assert.Empty(Compared().Failed);
        Database.Execute(playground.Destination, change);
        Assert.NotEmpty(Compared().Failed);

        Checks Compared()
        {
            var checks = new Checks(screen);
            ProofChapter.Compare(new(new(playground, screen, Size, TimeSpan.Zero), null!, null!, checks));
            return checks;
        }
    }

    [Fact]
    public void A_temporary_playground_is_gone_afterwards_and_a_kept_one_stays()
    {
        string temporary, kept;
        using (var playground = Playground.Open(keep: null))
            temporary = playground.Data;
        using (var playground = Playground.Open(folder["kept"]))
            kept = playground.Data;
        Assert.False(Directory.Exists(temporary));
        Assert.True(Directory.Exists(kept));
        Assert.Throws<SyncMcp.Settings.SettingException>(() => Playground.Open(folder["kept"]));
    }
}
