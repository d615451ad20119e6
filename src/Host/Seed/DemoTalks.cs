namespace Inforzap.Host.Seed;

/// <summary>What people say in the demo. A line of the customer begins with '&gt;', one of the agent with '&lt;', a note with '#', a picture with '!'.</summary>
internal static class DemoTalks
{
    public static readonly string[] Queues = ["Vendas", "Suporte", "Financeiro", "Entregas"];

    public static readonly string[] Colors = ["#0B7A75", "#4C6EF5", "#B26A00", "#8E44AD"];

    public static readonly (string Name, string Color)[] Reasons = [("Resolvido", "#0B7A75"), ("Venda feita", "#4C6EF5"), ("Sem interesse", "#B26A00"), ("Engano", "#8E44AD")];

    public static readonly string[] Tags = ["Cliente novo", "VIP", "Revendedora", "Atraso na entrega"];

    public static readonly string[] Agents =
    [
        "Ana Beatriz Souza", "Bruno Carvalho", "Camila Ferreira", "Diego Martins", "Elaine Rocha",
        "Felipe Araújo", "Gabriela Lima", "Henrique Dias", "Isabela Moreira", "João Pedro Nunes",
    ];

    private static readonly string[] First =
    [
        "Adriana", "Alexandre", "Aline", "André", "Antônio", "Bárbara", "Bianca", "Caio", "Carla", "Carlos", "Cecília", "Célia", "César", "Clara", "Cláudio",
        "Cristina", "Daniel", "Daniela", "Débora", "Eduardo", "Eliane", "Fábio", "Fernanda", "Flávia", "Francisco", "Geraldo", "Giovana", "Gustavo", "Heitor",
        "Helena", "Igor", "Ivone", "Joana", "Jorge", "José", "Júlia", "Juliana", "Larissa", "Leonardo", "Letícia", "Lúcia", "Luiz", "Manuela", "Marcelo",
        "Márcia", "Marcos", "Maria", "Mariana", "Mateus", "Mônica", "Natália", "Otávio", "Patrícia", "Paulo", "Pedro", "Rafael", "Raquel", "Renata", "Ricardo",
        "Roberta", "Rodrigo", "Rosana", "Sandra", "Sérgio", "Simone", "Sônia", "Tatiane", "Tiago", "Valéria", "Vanessa", "Vera", "Vinícius", "Vitória", "Wagner",
    ];

    private static readonly string[] Last =
    [
        "Almeida", "Alves", "Andrade", "Barbosa", "Batista", "Borges", "Campos", "Cardoso", "Castro", "Correia", "Costa", "Cunha", "Duarte", "Farias", "Freitas",
        "Gomes", "Gonçalves", "Guimarães", "Lopes", "Machado", "Marques", "Melo", "Mendes", "Miranda", "Monteiro", "Moraes", "Nascimento", "Oliveira", "Pereira",
        "Pinto", "Ramos", "Reis", "Ribeiro", "Rodrigues", "Santana", "Santos", "Silva", "Silveira", "Teixeira", "Vieira",
    ];

    /// <summary>Names of customers, each once.</summary>
    public static IEnumerable<string> Customers(Random random) =>
        First.SelectMany(f => Last.Select(l => $"{f} {l}")).OrderBy(_ => random.Next()).ToList();

    /// <summary>Talks by queue, in the order of <see cref="Queues"/>.</summary>
    public static readonly string[][][] Talks =
    [
        [
            ["> Oi, bom dia", "> Vocês ainda têm a cafeteira preta?", "< Bom dia! Temos sim, voltagem 127 V e 220 V.", "! cafeteira", "> Linda! Qual o valor à vista?", "< R$ 389,00 no Pix, com entrega grátis para a capital.", "> Fechado, vou querer a 127 V", "< Ótimo. Já separei aqui e mando o link de pagamento em seguida.", "> Obrigada 😊"],
            ["> Boa tarde, fazem orçamento para empresa?", "< Boa tarde! Fazemos. São quantas unidades?", "> Umas 40 canecas personalizadas", "< Para 40 unidades fica R$ 22,90 cada, prazo de 7 dias úteis.", "> Pode mandar por e-mail?", "< Claro, me passa o e-mail por favor?", "> compras@exemplo.com.br", "< Enviado. Qualquer dúvida estou por aqui."],
            ["> Olá", "> O desconto do site vale na loja?", "< Oi! Vale sim, é só apresentar o cupom no caixa.", "> Perfeito, passo aí amanhã"],
            ["> Vocês parcelam em quantas vezes?", "< Até 10x sem juros no cartão.", "> E no boleto?", "< No boleto é só à vista, com 5% de desconto.", "# cliente antigo, costuma comprar no fim do mês", "> Vou pensar e volto. Obrigado"],
            ["> Tem essa jaqueta no tamanho M?", "! jaqueta", "< Deixa eu conferir no estoque, um instante.", "< Temos uma M e duas G, quer que eu reserve?", "> Reserva a M por favor", "< Reservada até sexta em seu nome 👍"],
        ],
        [
            ["> Minha impressora parou de conectar no wi-fi", "< Oi! Vamos resolver. A luz azul está piscando ou acesa?", "> Piscando", "< Segure o botão de rede por 5 segundos até apagar e acender de novo.", "> Fiz isso", "< Agora abra o aplicativo e toque em *Adicionar*.", "> Apareceu!", "> Funcionou, muito obrigado", "< Que bom! Precisando, é só chamar."],
            ["> Não consigo entrar na minha conta", "< Aparece alguma mensagem de erro?", "> Diz que a senha expirou", "< Toque em _Esqueci a senha_ e siga o e-mail que chega em até 5 minutos.", "> Chegou, deu certo"],
            ["> O aplicativo fecha sozinho quando abro o relatório", "< Sinto por isso. Qual a versão do aplicativo?", "> 4.2.1", "! erro", "< Essa falha foi corrigida na 4.2.3. Pode atualizar e testar?", "# mesma falha do chamado da semana passada", "> Atualizei e parou de fechar. Valeu!"],
            ["> boa noite", "> como faço para trocar o e-mail de cadastro?", "< Boa noite! Em Perfil, toque no e-mail e confirme pelo código.", "> Achei, obrigada"],
        ],
        [
            ["> Recebi uma cobrança em duplicidade este mês", "< Bom dia. Vou verificar agora, pode me informar o CPF do titular?", "> 000.000.001-91", "< Localizei. A segunda cobrança foi estornada hoje, aparece em até 5 dias úteis.", "> Ok, aguardo então", "< Combinado. Se não aparecer até sexta, me chame por aqui."],
            ["> Preciso da segunda via do boleto", "< Segue o código de barras atualizado, com vencimento para amanhã.", "> Consegui pagar agora", "< Pagamento identificado, obrigado!"],
            ["> Vocês emitem nota fiscal com CNPJ?", "< Emitimos sim. Me envie CNPJ e razão social.", "> Já envio", "> Pronto, mandei por e-mail", "< Nota emitida e enviada para o mesmo e-mail."],
            ["> Quero cancelar a assinatura", "< Posso saber o motivo? Talvez eu possa ajudar.", "> Está pesando no orçamento", "< Temos um plano menor, pela metade do preço. Quer testar por um mês?", "> Pode ser, vamos tentar"],
        ],
        [
            ["> Meu pedido 48213 ainda não chegou", "< Olá! Já consulto o rastreio.", "< Saiu para entrega hoje de manhã, previsão até 18h.", "> Ah, ótimo", "> Chegou agora, obrigado 🎉"],
            ["> Mudei de endereço, dá para alterar a entrega?", "< Dá sim, enquanto não saiu do centro de distribuição. Qual o novo endereço?", "> Rua das Acácias, 120, apto 32, Campinas", "< Alterado. O prazo passa para quinta-feira.", "> Perfeito"],
            ["> A caixa veio amassada", "! caixa", "< Poxa, que chato. O produto está inteiro?", "> Está sim, só a caixa mesmo", "< Se preferir, trocamos sem custo em até 7 dias.", "> Não precisa, obrigada pela atenção"],
            ["> Vocês entregam em Ribeirão Preto?", "< Entregamos! De 2 a 4 dias úteis.", "> E o frete?", "< Grátis acima de R$ 150,00."],
        ],
    ];

    /// <summary>What the visitor of the living demo asks.</summary>
    public static readonly string[] Openings =
    [
        "Oi, tudo bem?", "Boa tarde, alguém pode me ajudar?", "Vocês abrem no sábado?", "Qual o prazo de entrega para Curitiba?", "Meu pagamento foi aprovado?",
        "Quero trocar um produto", "Tem desconto para estudante?", "O site está fora do ar?", "Posso retirar na loja?", "Preciso falar com o financeiro",
    ];

    /// <summary>What follows it.</summary>
    public static readonly string[] FollowUps =
    [
        "Alguém aí?", "Consegue ver para mim?", "É urgente 🙏", "Obrigado!", "Certo, fico no aguardo", "Pode ser amanhã também", "Entendi", "Perfeito, era isso",
    ];
}
